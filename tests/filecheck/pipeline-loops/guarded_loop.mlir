// RUN: dataflowc-opt -p 'pipeline-loops{target=u250}' %s | filecheck %s

// Loops and stores under a guard count as well.

func.func @main() {
  dataflow.schedule {
    dataflow.node "n" {
      %acc = dataflow.buffer "acc" stages 1 : memref<f32>
      %k = arith.constant 1.0 : f32
      affine.for %i = 0 to 4 {
        "affine.if"(%i) <{condition = affine_set<(d0) : (d0 == 0)>}> ({
          affine.for %j = 0 to 8 {
            %s = affine.load %acc[] : memref<f32>
            %r = arith.addf %s, %k : f32
            affine.store %r, %acc[] : memref<f32>
          }
          affine.yield
        }, {}) : (index) -> ()
      }
    }
  }
  func.return
}

// CHECK:      dataflow.node "n" {
// CHECK-NEXT:   %acc = dataflow.buffer "acc" stages 1 : memref<f32>
// CHECK-NEXT:   %k = arith.constant 1.000000e+00 : f32
// CHECK-NEXT:   affine.for %i = 0 to 4 {
// CHECK-NEXT:     "affine.if"(%i) <{condition = affine_set<(d0) : (d0 == 0)>}> ({
// CHECK-NEXT:       affine.for %j = 0 to 8 {
// CHECK-NEXT:         %s = affine.load %acc[] : memref<f32>
// CHECK-NEXT:         %r = arith.addf %s, %k : f32
// CHECK-NEXT:         affine.store %r, %acc[] : memref<f32>
// CHECK-NEXT:       } {pipeline = #dataflow.pipeline<6, "acc: 6 cycles over distance 1">}
