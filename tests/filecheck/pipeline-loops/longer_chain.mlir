// RUN: dataflowc-opt -p 'pipeline-loops{target=u250}' %s | filecheck %s

// A product and a sum on the way from load to store: their latencies add up.

func.func @main() {
  dataflow.schedule {
    dataflow.node "n" {
      %acc = dataflow.buffer "acc" stages 1 : memref<f32>
      %k = arith.constant 1.0 : f32
      affine.for %i = 0 to 8 {
        %s = affine.load %acc[] : memref<f32>
        %p = arith.mulf %s, %k : f32
        %r = arith.addf %p, %k : f32
        affine.store %r, %acc[] : memref<f32>
      }
    }
  }
  func.return
}

// CHECK:      dataflow.node "n" {
// CHECK-NEXT:   %acc = dataflow.buffer "acc" stages 1 : memref<f32>
// CHECK-NEXT:   %k = arith.constant 1.000000e+00 : f32
// CHECK-NEXT:   affine.for %i = 0 to 8 {
// CHECK-NEXT:     %s = affine.load %acc[] : memref<f32>
// CHECK-NEXT:     %p = arith.mulf %s, %k : f32
// CHECK-NEXT:     %r = arith.addf %p, %k : f32
// CHECK-NEXT:     affine.store %r, %acc[] : memref<f32>
// CHECK-NEXT:   } {pipeline = #dataflow.pipeline<9, "acc: 9 cycles over distance 1">}
