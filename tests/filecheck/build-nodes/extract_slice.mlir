// RUN: dataflowc-opt -p 'build-tasks,build-nodes' %s | filecheck %s

// A cut takes every token and passes on those in the box.

func.func @main(%x: tensor<4x6xf32> {dataflow.role = "input", dataflow.name = "x"}) -> (tensor<2x3xf32> {dataflow.name = "y"}) {
  %y = tensor.extract_slice %x[1, 0] [2, 3] [1, 2] : tensor<4x6xf32> to tensor<2x3xf32>
  func.return %y : tensor<2x3xf32>
}

// CHECK:      %x_in = dataflow.stream "x_in" <0:4, 1:6> : !dataflow.stream<f32>
// CHECK:      %extract_slice_out = dataflow.stream "extract_slice_out" <0:2, 1:3> : !dataflow.stream<f32>
// CHECK-NEXT: dataflow.node "extract_slice" reads(%x_in : !dataflow.stream<f32>) writes(%extract_slice_out : !dataflow.stream<f32>) {
// CHECK:        affine.for %i0 = 0 to 4 {
// CHECK-NEXT:     affine.for %i1 = 0 to 6 {
// CHECK-NEXT:       %0 = dataflow.read %x : !dataflow.stream<f32> -> f32
// CHECK-NEXT:       "affine.if"(%i0, %i1) <{condition = affine_set<(d0, d1) : ((d0 + -1) >= 0, ((d0 * -1) + 2) >= 0, ((d1 * -1) + 4) >= 0, (d1 mod 2) == 0)>}> ({
// CHECK-NEXT:         dataflow.write %0 to %y : f32, !dataflow.stream<f32>
