// RUN: dataflowc-opt -p 'build-tasks,build-nodes' %s | filecheck %s

// One weight is a factor and the initial value of the sums: each use has a loader of its own, with its own loops.

func.func @main(%x: tensor<5x6xf32> {dataflow.role = "input", dataflow.name = "x"}, %w: tensor<5x4xf32> {dataflow.role = "weight", dataflow.name = "w"}) -> (tensor<5x4xf32> {dataflow.name = "y"}) {
  %e = tensor.empty() : tensor<5x6xf32>
  %u = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d0, d1)>], iterator_types = ["parallel", "parallel"]} ins(%x : tensor<5x6xf32>) outs(%e : tensor<5x6xf32>) {
  ^bb0(%a: f32, %b: f32):
    %r = arith.negf %a : f32
    linalg.yield %r : f32
  } -> tensor<5x6xf32>
  %y = linalg.generic {indexing_maps = [affine_map<(d0, d1, d2) -> (d0, d2)>, affine_map<(d0, d1, d2) -> (d0, d1)>, affine_map<(d0, d1, d2) -> (d0, d1)>], iterator_types = ["parallel", "parallel", "reduction"]} ins(%u, %w : tensor<5x6xf32>, tensor<5x4xf32>) outs(%w : tensor<5x4xf32>) {
  ^bb0(%a: f32, %b: f32, %c: f32):
    %p = arith.mulf %a, %b : f32
    %r = arith.addf %c, %p : f32
    linalg.yield %r : f32
  } -> tensor<5x4xf32>
  func.return %y : tensor<5x4xf32>
}

// CHECK: dataflow.port {{.*}} "weight" "w"
// CHECK: dataflow.port {{.*}} "weight" "w"
