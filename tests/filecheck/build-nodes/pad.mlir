// RUN: dataflowc-opt -p 'build-tasks,build-nodes' %s | filecheck %s

// A pad takes a token inside and gives the constant outside.

func.func @main(%x: tensor<2x3xf32> {dataflow.role = "input", dataflow.name = "x"}) -> (tensor<4x6xf32> {dataflow.name = "y"}) {
  %c = arith.constant 1.5 : f32
  %y = "tensor.pad"(%x) <{static_low = array<i64: 1, 0>, static_high = array<i64: 1, 3>, operandSegmentSizes = array<i32: 1, 0, 0>}> ({
  ^bb0(%i: index, %j: index):
    "tensor.yield"(%c) : (f32) -> ()
  }) : (tensor<2x3xf32>) -> tensor<4x6xf32>
  func.return %y : tensor<4x6xf32>
}

// CHECK:      %x_in = dataflow.stream "x_in" <0:2, 1:3> : !dataflow.stream<f32>
// CHECK:      %pad_out = dataflow.stream "pad_out" <0:4, 1:6> : !dataflow.stream<f32>
// CHECK-NEXT: dataflow.node "pad" reads(%x_in : !dataflow.stream<f32>) writes(%pad_out : !dataflow.stream<f32>) {
// CHECK:        %value = dataflow.buffer "value" stages 1 : memref<f32>
// CHECK-NEXT:   affine.for %i0 = 0 to 4 {
// CHECK-NEXT:     affine.for %i1 = 0 to 6 {
// CHECK-NEXT:       %0 = arith.constant 1.500000e+00 : f32
// CHECK-NEXT:       affine.store %0, %value[] : memref<f32>
// CHECK-NEXT:       "affine.if"(%i0, %i1) <{condition = affine_set<(d0, d1) : ((d0 + -1) >= 0, ((d0 * -1) + 2) >= 0, ((d1 * -1) + 2) >= 0)>}> ({
// CHECK-NEXT:         %1 = dataflow.read %x : !dataflow.stream<f32> -> f32
// CHECK-NEXT:         affine.store %1, %value[] : memref<f32>
// CHECK:            %2 = affine.load %value[] : memref<f32>
// CHECK-NEXT:       dataflow.write %2 to %y : f32, !dataflow.stream<f32>
