// RUN: dataflowc-opt -p 'build-tasks,build-nodes' %s | filecheck %s

// An input that is also an output goes straight from its loader to a storer.

func.func @main(%x: tensor<2x3xf32> {dataflow.role = "input", dataflow.name = "x"}) -> (tensor<2x3xf32> {dataflow.name = "y"}, tensor<2x3xf32> {dataflow.name = "y1"}) {
  %e = tensor.empty() : tensor<2x3xf32>
  %a = linalg.generic {indexing_maps = [
      affine_map<(d0, d1) -> (d0, d1)>,
      affine_map<(d0, d1) -> (d0, d1)>],
      iterator_types = ["parallel", "parallel"]}
    ins(%x : tensor<2x3xf32>)
    outs(%e : tensor<2x3xf32>) {
  ^bb0(%a0: f32, %a1: f32):
    %a2 = math.exp %a0 : f32
    linalg.yield %a2 : f32
  } -> tensor<2x3xf32>
  func.return %x, %a : tensor<2x3xf32>, tensor<2x3xf32>
}

// CHECK:      %x_in = dataflow.stream "x_in" <0:2, 1:3> : !dataflow.stream<f32>
// CHECK:      %x_in_1 = dataflow.stream "x_in_2" <0:2, 1:3> : !dataflow.stream<f32>
// CHECK-NEXT: %x_in_2 = dataflow.stream "x_in_3" <0:2, 1:3> : !dataflow.stream<f32>
// CHECK-NEXT: dataflow.node "x_in_fork" reads(%x_in : !dataflow.stream<f32>) writes(%x_in_1, %x_in_2 : !dataflow.stream<f32>, !dataflow.stream<f32>) attributes {source = #dataflow.source<"x", "load", "", 0>} {
// CHECK:        affine.for %i = 0 to 6 {
// CHECK-NEXT:     %0 = dataflow.read %x : !dataflow.stream<f32> -> f32
// CHECK-NEXT:     dataflow.write %0 to %y : f32, !dataflow.stream<f32>
// CHECK-NEXT:     dataflow.write %0 to %y_1 : f32, !dataflow.stream<f32>
// CHECK:      %generic_out = dataflow.stream "generic_out" <0:2, 1:3> : !dataflow.stream<f32>
// CHECK-NEXT: dataflow.node "generic" reads(%x_in_1 : !dataflow.stream<f32>) writes(%generic_out : !dataflow.stream<f32>) {
// CHECK:        affine.for %i0 = 0 to 2 {
// CHECK-NEXT:     affine.for %i1 = 0 to 3 {
// CHECK-NEXT:       %0 = dataflow.read %x : !dataflow.stream<f32> -> f32
// CHECK-NEXT:       %a2 = math.exp %0 : f32
// CHECK-NEXT:       dataflow.write %a2 to %y : f32, !dataflow.stream<f32>
