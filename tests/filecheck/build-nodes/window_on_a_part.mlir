// RUN: dataflowc-opt -p 'build-tasks,build-nodes' %s | filecheck %s

// The window slides along rows 1 to 3 of four only: rows are no longer walked from the first, so no row window is made.

func.func @main(%x: tensor<4x8xf32> {dataflow.role = "input", dataflow.name = "x"}) -> (tensor<3x6xf32> {dataflow.name = "y"}) {
  %zero = arith.constant 0.000000e+00 : f32
  %e = tensor.empty() : tensor<4x8xf32>
  %u = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d0, d1)>], iterator_types = ["parallel", "parallel"]} ins(%x : tensor<4x8xf32>) outs(%e : tensor<4x8xf32>) {
  ^bb0(%a: f32, %b: f32):
    %r = arith.negf %a : f32
    linalg.yield %r : f32
  } -> tensor<4x8xf32>
  %f = tensor.empty() : tensor<3x6xf32>
  %s = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> ()>, affine_map<(d0, d1) -> (d0, d1)>], iterator_types = ["parallel", "parallel"]} ins(%zero : f32) outs(%f : tensor<3x6xf32>) {
  ^bb0(%a: f32, %b: f32):
    linalg.yield %a : f32
  } -> tensor<3x6xf32>
  %k = tensor.empty() : tensor<3xf32>
  %y = linalg.generic {indexing_maps = [affine_map<(d0, d1, d2) -> (d0 + 1, d1 + d2)>, affine_map<(d0, d1, d2) -> (d2)>, affine_map<(d0, d1, d2) -> (d0, d1)>], iterator_types = ["parallel", "parallel", "reduction"]} ins(%u, %k : tensor<4x8xf32>, tensor<3xf32>) outs(%s : tensor<3x6xf32>) {
  ^bb0(%a: f32, %b: f32, %c: f32):
    %r = arith.addf %c, %a : f32
    linalg.yield %r : f32
  } -> tensor<3x6xf32>
  func.return %y : tensor<3x6xf32>
}

// CHECK-NOT: label = "rows"
// CHECK:     label = "reduce"
