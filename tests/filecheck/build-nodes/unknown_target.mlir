// RUN: not dataflowc-opt -p 'build-tasks,build-nodes{target=vck910}' %s | filecheck %s

// The device must be known; the closest names are offered.

func.func @main(%x: tensor<2x3xf32> {dataflow.role = "input", dataflow.name = "x"}) -> (tensor<2x3xf32> {dataflow.name = "y"}) {
  %e = tensor.empty() : tensor<2x3xf32>
  %y = linalg.generic {indexing_maps = [
      affine_map<(d0, d1) -> (d0, d1)>,
      affine_map<(d0, d1) -> (d0, d1)>],
      iterator_types = ["parallel", "parallel"]}
    ins(%x : tensor<2x3xf32>)
    outs(%e : tensor<2x3xf32>) {
  ^bb0(%a0: f32, %a1: f32):
    %a2 = math.exp %a0 : f32
    linalg.yield %a2 : f32
  } -> tensor<2x3xf32>
  func.return %y : tensor<2x3xf32>
}

// CHECK: vck910
// CHECK: vck190
