// RUN: dataflowc-opt -p 'build-tasks,build-nodes' %s | filecheck %s

// One op that uses a tensor twice in the same way takes each token once: no fork.

func.func @main(%x: tensor<2x3xf32> {dataflow.role = "input", dataflow.name = "x"}) -> (tensor<2x3xf32> {dataflow.name = "y"}) {
  %e = tensor.empty() : tensor<2x3xf32>
  %y = linalg.generic {indexing_maps = [
      affine_map<(d0, d1) -> (d0, d1)>,
      affine_map<(d0, d1) -> (d0, d1)>,
      affine_map<(d0, d1) -> (d0, d1)>],
      iterator_types = ["parallel", "parallel"]}
    ins(%x, %x : tensor<2x3xf32>, tensor<2x3xf32>)
    outs(%e : tensor<2x3xf32>) {
  ^bb0(%a0: f32, %a1: f32, %a2: f32):
    %a3 = arith.mulf %a0, %a1 : f32
    linalg.yield %a3 : f32
  } -> tensor<2x3xf32>
  func.return %y : tensor<2x3xf32>
}

// CHECK:      %x_in = dataflow.stream "x_in" <0:2, 1:3> : !dataflow.stream<f32>
// CHECK:      %generic_out = dataflow.stream "generic_out" <0:2, 1:3> : !dataflow.stream<f32>
// CHECK-NEXT: dataflow.node "generic" reads(%x_in : !dataflow.stream<f32>) writes(%generic_out : !dataflow.stream<f32>) {
// CHECK:        affine.for %i0 = 0 to 2 {
// CHECK-NEXT:     affine.for %i1 = 0 to 3 {
// CHECK-NEXT:       %0 = dataflow.read %x : !dataflow.stream<f32> -> f32
// CHECK-NEXT:       %a3 = arith.mulf %0, %0 : f32
// CHECK-NEXT:       dataflow.write %a3 to %y : f32, !dataflow.stream<f32>
