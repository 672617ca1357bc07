// RUN: dataflowc-opt -p 'pipeline-loops{target=u250}' %s | filecheck %s

// A loop that carries nothing starts an iteration every cycle.

func.func @main() {
  dataflow.schedule {
    dataflow.node "n" {
      %b = dataflow.buffer "b" stages 1 : memref<8xf32>
      %k = arith.constant 1.0 : f32
      affine.for %i = 0 to 8 {
        affine.store %k, %b[%i] : memref<8xf32>
      }
    }
  }
  func.return
}

// CHECK:      dataflow.node "n" {
// CHECK-NEXT:   %b = dataflow.buffer "b" stages 1 : memref<8xf32>
// CHECK-NEXT:   %k = arith.constant 1.000000e+00 : f32
// CHECK-NEXT:   affine.for %i = 0 to 8 {
// CHECK-NEXT:     affine.store %k, %b[%i] : memref<8xf32>
// CHECK-NEXT:   } {pipeline = #dataflow.pipeline<1, "no recurrence">}
