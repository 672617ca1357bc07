// RUN: not dataflowc-opt -p 'build-tasks,build-nodes' %s | filecheck %s

// Only the front ends may write constants, and they make arrays weights: no element is silently taken for all.

func.func @main(%x: tensor<3xf32> {dataflow.role = "input", dataflow.name = "x"}) -> (tensor<3xf32> {dataflow.name = "y"}) {
  %c = arith.constant dense<[1.0, 2.0, 3.0]> : tensor<3xf32>
  %e = tensor.empty() : tensor<3xf32>
  %y = linalg.generic {indexing_maps = [affine_map<(d0) -> (d0)>, affine_map<(d0) -> (d0)>, affine_map<(d0) -> (d0)>],
      iterator_types = ["parallel"]} ins(%x, %c : tensor<3xf32>, tensor<3xf32>) outs(%e : tensor<3xf32>) {
  ^bb0(%a0: f32, %a1: f32, %a2: f32):
    %s = arith.addf %a0, %a1 : f32
    linalg.yield %s : f32
  } -> tensor<3xf32>
  func.return %y : tensor<3xf32>
}

// CHECK: error[DF215]: a constant array whose elements differ stands in the text of the module
// CHECK: note: dense<[1.000000e+00, 2.000000e+00, 3.000000e+00]> : tensor<3xf32>
// CHECK: help: make it an argument with dataflow.role = "weight", as the front ends do
