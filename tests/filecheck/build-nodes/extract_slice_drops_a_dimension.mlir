// RUN: dataflowc-opt -p 'build-tasks,build-nodes' %s | filecheck %s

// The last row, without its dimension of extent 1.

func.func @main(%x: tensor<4x6xf32> {dataflow.role = "input", dataflow.name = "x"}) -> (tensor<6xf32> {dataflow.name = "y"}) {
  %y = tensor.extract_slice %x[3, 0] [1, 6] [1, 1] : tensor<4x6xf32> to tensor<6xf32>
  func.return %y : tensor<6xf32>
}

// CHECK:      %x_in = dataflow.stream "x_in" <0:4, 1:6> : !dataflow.stream<f32>
// CHECK:      %extract_slice_out = dataflow.stream "extract_slice_out" <0:6> : !dataflow.stream<f32>
// CHECK-NEXT: dataflow.node "extract_slice" reads(%x_in : !dataflow.stream<f32>) writes(%extract_slice_out : !dataflow.stream<f32>) {
// CHECK:        affine.for %i0 = 0 to 4 {
// CHECK-NEXT:     affine.for %i1 = 0 to 6 {
// CHECK-NEXT:       %0 = dataflow.read %x : !dataflow.stream<f32> -> f32
// CHECK-NEXT:       "affine.if"(%i0) <{condition = affine_set<(d0) : ((d0 + -3) >= 0)>}> ({
// CHECK-NEXT:         dataflow.write %0 to %y : f32, !dataflow.stream<f32>
