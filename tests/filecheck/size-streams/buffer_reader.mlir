// RUN: dataflowc-opt -p 'build-tasks,build-nodes,size-streams' %s | filecheck %s

// y = -x[::-1] + |x|: the reversed path needs all of -x, through a ping-pong buffer whose reader reads no stream. It is no
// loader: the other path must hold the whole tensor meanwhile.

func.func @main(%x: tensor<4096xf32> {dataflow.role = "input", dataflow.name = "x"}) -> (tensor<4096xf32> {dataflow.name = "y"}) {
  %e = tensor.empty() : tensor<4096xf32>
  %u = linalg.generic {indexing_maps = [affine_map<(d0) -> (d0)>, affine_map<(d0) -> (d0)>], iterator_types = ["parallel"]} ins(%x : tensor<4096xf32>) outs(%e : tensor<4096xf32>) {
  ^bb0(%a: f32, %b: f32):
    %r = arith.negf %a : f32
    linalg.yield %r : f32
  } -> tensor<4096xf32>
  %v = linalg.generic {indexing_maps = [affine_map<(d0) -> (-d0 + 4095)>, affine_map<(d0) -> (d0)>], iterator_types = ["parallel"]} ins(%u : tensor<4096xf32>) outs(%e : tensor<4096xf32>) {
  ^bb0(%a: f32, %b: f32):
    %r = arith.negf %a : f32
    linalg.yield %r : f32
  } -> tensor<4096xf32>
  %t = linalg.generic {indexing_maps = [affine_map<(d0) -> (d0)>, affine_map<(d0) -> (d0)>], iterator_types = ["parallel"]} ins(%u : tensor<4096xf32>) outs(%e : tensor<4096xf32>) {
  ^bb0(%a: f32, %b: f32):
    %r = math.absf %a : f32
    linalg.yield %r : f32
  } -> tensor<4096xf32>
  %y = linalg.generic {indexing_maps = [affine_map<(d0) -> (d0)>, affine_map<(d0) -> (d0)>, affine_map<(d0) -> (d0)>], iterator_types = ["parallel"]} ins(%v, %t : tensor<4096xf32>, tensor<4096xf32>) outs(%e : tensor<4096xf32>) {
  ^bb0(%a: f32, %b: f32, %c: f32):
    %r = arith.addf %a, %b : f32
    linalg.yield %r : f32
  } -> tensor<4096xf32>
  func.return %y : tensor<4096xf32>
}

// CHECK: dataflow.buffer {{.*}} stages 2
// CHECK: depth <{{4[0-9]+}}, "{{[0-9]+}} tokens in flight where paths meet again, 2 spare">
