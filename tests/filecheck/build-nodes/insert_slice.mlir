// RUN: dataflowc-opt -p 'build-tasks,build-nodes' %s | filecheck %s

// The box of the destination is replaced: its tokens are taken all the same, and the later piece wins.

func.func @main(%x: tensor<2x2xf32> {dataflow.role = "input", dataflow.name = "x"}, %d: tensor<3x4xf32> {dataflow.role = "input", dataflow.name = "d"}) -> (tensor<3x4xf32> {dataflow.name = "y"}) {
  %y = tensor.insert_slice %x into %d[1, 2] [2, 2] [1, 1] : tensor<2x2xf32> into tensor<3x4xf32>
  func.return %y : tensor<3x4xf32>
}

// CHECK:      %x_in = dataflow.stream "x_in" <0:2, 1:2> : !dataflow.stream<f32>
// CHECK:      %d_in = dataflow.stream "d_in" <0:3, 1:4> : !dataflow.stream<f32>
// CHECK:      %insert_slice_out = dataflow.stream "insert_slice_out" <0:3, 1:4> : !dataflow.stream<f32>
// CHECK-NEXT: dataflow.node "insert_slice" reads(%d_in, %x_in : !dataflow.stream<f32>, !dataflow.stream<f32>) writes(%insert_slice_out : !dataflow.stream<f32>) {
// CHECK:        %value = dataflow.buffer "value" stages 1 : memref<f32>
// CHECK-NEXT:   affine.for %i0 = 0 to 3 {
// CHECK-NEXT:     affine.for %i1 = 0 to 4 {
// CHECK-NEXT:       %0 = dataflow.read %x : !dataflow.stream<f32> -> f32
// CHECK-NEXT:       affine.store %0, %value[] : memref<f32>
// CHECK-NEXT:       "affine.if"(%i0, %i1) <{condition = affine_set<(d0, d1) : ((d0 + -1) >= 0, (d1 + -2) >= 0)>}> ({
// CHECK-NEXT:         %1 = dataflow.read %x_1 : !dataflow.stream<f32> -> f32
// CHECK-NEXT:         affine.store %1, %value[] : memref<f32>
// CHECK:            %2 = affine.load %value[] : memref<f32>
// CHECK-NEXT:       dataflow.write %2 to %y : f32, !dataflow.stream<f32>
