// RUN: dataflowc-opt %s | filecheck %s
// RUN: dataflowc-opt --print-op-generic %s | filecheck %s --check-prefix GENERIC

// Schedules, ports and nodes survive the round trip through text.

func.func @main(%x: memref<8xf32>, %y: memref<8xf32>) {
  dataflow.schedule(%x, %y : memref<8xf32>, memref<8xf32>) {
  ^bb0(%xa: memref<8xf32>, %ya: memref<8xf32>):
    %xp = dataflow.port %xa "input" "x" bundle "gmem_x" : memref<8xf32>
    %yp = dataflow.port %ya "output" "y" bundle "gmem_y" : memref<8xf32>
    dataflow.node "copy" reads(%xp : memref<8xf32>) writes(%yp : memref<8xf32>) {
    ^bb1(%a: memref<8xf32>, %b: memref<8xf32>):
      affine.for %i = 0 to 8 {
        %v = affine.load %a[%i] : memref<8xf32>
        affine.store %v, %b[%i] : memref<8xf32>
      }
    }
  }
  func.return
}

// CHECK:       dataflow.schedule(%x, %y : memref<8xf32>, memref<8xf32>) {
// CHECK:         %{{.*}} = dataflow.port %{{.*}} "input" "x" bundle "gmem_x" : memref<8xf32>
// CHECK:         %{{.*}} = dataflow.port %{{.*}} "output" "y" bundle "gmem_y" : memref<8xf32>
// CHECK:         dataflow.node "copy" reads(%{{.*}} : memref<8xf32>) writes(%{{.*}} : memref<8xf32>) {
// CHECK:           affine.for
// GENERIC:     "dataflow.node"(%{{.*}}, %{{.*}}) <{label = "copy", operandSegmentSizes = array<i32: 1, 1>}>
