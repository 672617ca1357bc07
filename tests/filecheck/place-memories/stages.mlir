// RUN: dataflowc-opt -p 'place-memories' %s | filecheck %s

// A channel pays for all its copies: two stages of 2560 bits are more than LUT RAM takes.

func.func @main() {
  dataflow.schedule {
    %c = dataflow.buffer "c" stages 2 : memref<80xf32>
    dataflow.node "fill" writes(%c : memref<80xf32>) {
    ^bb0(%a: memref<80xf32>):
      %k = arith.constant 1.0 : f32
      affine.for %i = 0 to 80 {
        affine.store %k, %a[%i] : memref<80xf32>
      }
    }
    dataflow.node "use" reads(%c : memref<80xf32>) {
    ^bb0(%a: memref<80xf32>):
      affine.for %i = 0 to 80 {
        %v = affine.load %a[%i] : memref<80xf32>
      }
    }
  }
  func.return
}

// CHECK:      %c = dataflow.buffer "c" stages 2 in <bram, "2 BRAM18, 80 x 32 bits"> : memref<80xf32>
// CHECK-NEXT: dataflow.node "fill" writes(%c : memref<80xf32>) {
// CHECK:        %k = arith.constant 1.000000e+00 : f32
// CHECK-NEXT:   affine.for %i = 0 to 80 {
// CHECK-NEXT:     affine.store %k, %a[%i] : memref<80xf32>
// CHECK:      dataflow.node "use" reads(%c : memref<80xf32>) {
// CHECK:        affine.for %i = 0 to 80 {
// CHECK-NEXT:     %v = affine.load %a[%i] : memref<80xf32>
