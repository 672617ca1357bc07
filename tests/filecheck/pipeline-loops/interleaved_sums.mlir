// RUN: dataflowc-opt -p 'pipeline-loops{target=u250}' %s | filecheck %s

// 16 sums in turn: an element comes back after 16 iterations, which is longer than the adder takes.

func.func @main() {
  dataflow.schedule {
    dataflow.node "n" {
      %acc = dataflow.buffer "acc" stages 1 : memref<16xf32>
      %k = arith.constant 1.0 : f32
      affine.for %i = 0 to 4 {
        affine.for %j = 0 to 16 {
          %s = affine.load %acc[%j] : memref<16xf32>
          %r = arith.addf %s, %k : f32
          affine.store %r, %acc[%j] : memref<16xf32>
        }
      }
    }
  }
  func.return
}

// CHECK:      dataflow.node "n" {
// CHECK-NEXT:   %acc = dataflow.buffer "acc" stages 1 : memref<16xf32>
// CHECK-NEXT:   %k = arith.constant 1.000000e+00 : f32
// CHECK-NEXT:   affine.for %i = 0 to 4 {
// CHECK-NEXT:     affine.for %j = 0 to 16 {
// CHECK-NEXT:       %s = affine.load %acc[%j] : memref<16xf32>
// CHECK-NEXT:       %r = arith.addf %s, %k : f32
// CHECK-NEXT:       affine.store %r, %acc[%j] : memref<16xf32>
// CHECK-NEXT:     } {pipeline = #dataflow.pipeline<1, "no recurrence">}
