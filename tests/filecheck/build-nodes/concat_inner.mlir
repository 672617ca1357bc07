// RUN: dataflowc-opt -p 'build-tasks,build-nodes' %s | filecheck %s

// A concatenation along the inner dimension alternates between its operands; both still pass by.

func.func @main(%a: tensor<2x3xf32> {dataflow.role = "input", dataflow.name = "a"}, %b: tensor<2x1xf32> {dataflow.role = "input", dataflow.name = "b"}) -> (tensor<2x4xf32> {dataflow.name = "y"}) {
  %y = tensor.concat dim(1) %a, %b : (tensor<2x3xf32>, tensor<2x1xf32>) -> tensor<2x4xf32>
  func.return %y : tensor<2x4xf32>
}

// CHECK:      %a_in = dataflow.stream "a_in" <0:2, 1:3> : !dataflow.stream<f32>
// CHECK:      %b_in = dataflow.stream "b_in" <0:2, 1:1> : !dataflow.stream<f32>
// CHECK:      %concat_out = dataflow.stream "concat_out" <0:2, 1:4> : !dataflow.stream<f32>
// CHECK-NEXT: dataflow.node "concat" reads(%a_in, %b_in : !dataflow.stream<f32>, !dataflow.stream<f32>) writes(%concat_out : !dataflow.stream<f32>) {
// CHECK:        %value = dataflow.buffer "value" stages 1 : memref<f32>
// CHECK-NEXT:   affine.for %i0 = 0 to 2 {
// CHECK-NEXT:     affine.for %i1 = 0 to 4 {
// CHECK-NEXT:       "affine.if"(%i1) <{condition = affine_set<(d0) : (((d0 * -1) + 2) >= 0)>}> ({
// CHECK-NEXT:         %0 = dataflow.read %x : !dataflow.stream<f32> -> f32
// CHECK-NEXT:         affine.store %0, %value[] : memref<f32>
// CHECK:            "affine.if"(%i1) <{condition = affine_set<(d0) : ((d0 + -3) >= 0)>}> ({
// CHECK-NEXT:         %1 = dataflow.read %x_1 : !dataflow.stream<f32> -> f32
// CHECK-NEXT:         affine.store %1, %value[] : memref<f32>
// CHECK:            %2 = affine.load %value[] : memref<f32>
// CHECK-NEXT:       dataflow.write %2 to %y : f32, !dataflow.stream<f32>
