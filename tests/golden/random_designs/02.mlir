// A random program of tensor ops.
func.func @main(%in0: tensor<1x4x2xf32> {dataflow.role = "input", dataflow.name = "in0"}, %wt1: tensor<f32> {dataflow.role = "weight", dataflow.name = "wt1"}) -> (tensor<f32> {dataflow.name = "y"}) {
  %e4 = tensor.empty() : tensor<f32>
  %e6 = tensor.empty() : tensor<f32>
  %e8 = tensor.empty() : tensor<1x4x2xf32>
  %e10 = tensor.empty() : tensor<1x4x2xf32>
  %e12 = tensor.empty() : tensor<f32>
  %zero = arith.constant 0.0 : f32
  %low = arith.constant 0xFF800000 : f32
  %v1 = "tensor.pad"(%in0) <{static_low = array<i64: 1, 2, 0>, static_high = array<i64: 1, 0, 0>, operandSegmentSizes = array<i32: 1, 0, 0>}> ({
  ^bb0(%q1_0: index, %q1_1: index, %q1_2: index):
    "tensor.yield"(%zero) : (f32) -> ()
  }) : (tensor<1x4x2xf32>) -> tensor<3x6x2xf32>
  %i3 = linalg.generic {indexing_maps = [
      affine_map<() -> ()>,
      affine_map<() -> ()>],
      iterator_types = []}
    ins(%low : f32)
    outs(%e4 : tensor<f32>) {
  ^bb0(%i3a: f32, %i3b: f32):
    linalg.yield %i3a : f32
  } -> tensor<f32>
  %v2 = linalg.generic {indexing_maps = [
      affine_map<(d0, d1, d2) -> (d0, d1, d2)>,
      affine_map<(d0, d1, d2) -> ()>],
      iterator_types = ["reduction", "reduction", "reduction"]}
    ins(%v1 : tensor<3x6x2xf32>)
    outs(%i3 : tensor<f32>) {
  ^bb0(%q2_0: f32, %q2_1: f32):
    %q2_9 = arith.maximumf %q2_1, %q2_0 : f32
    linalg.yield %q2_9 : f32
  } -> tensor<f32>
  %v5 = linalg.generic {indexing_maps = [
      affine_map<() -> ()>,
      affine_map<() -> ()>,
      affine_map<() -> ()>],
      iterator_types = []}
    ins(%v2, %wt1 : tensor<f32>, tensor<f32>)
    outs(%e6 : tensor<f32>) {
  ^bb0(%q5_0: f32, %q5_1: f32, %q5_2: f32):
    %q5_3 = arith.addf %q5_0, %q5_1 : f32
    linalg.yield %q5_3 : f32
  } -> tensor<f32>
  %v7 = linalg.generic {indexing_maps = [
      affine_map<(d0, d1, d2) -> (d0, d1, d2)>,
      affine_map<(d0, d1, d2) -> (0, d1, d2)>,
      affine_map<(d0, d1, d2) -> (d0, d1, d2)>],
      iterator_types = ["parallel", "parallel", "parallel"]}
    ins(%in0, %in0 : tensor<1x4x2xf32>, tensor<1x4x2xf32>)
    outs(%e8 : tensor<1x4x2xf32>) {
  ^bb0(%q7_0: f32, %q7_1: f32, %q7_2: f32):
    %q7_3 = arith.subf %q7_0, %q7_1 : f32
    linalg.yield %q7_3 : f32
  } -> tensor<1x4x2xf32>
  %v9 = linalg.generic {indexing_maps = [
      affine_map<(d0, d1, d2) -> (d0, d1, d2)>,
      affine_map<(d0, d1, d2) -> (d0, d1, d2)>,
      affine_map<(d0, d1, d2) -> (d0, d1, d2)>],
      iterator_types = ["parallel", "parallel", "parallel"]}
    ins(%in0, %v7 : tensor<1x4x2xf32>, tensor<1x4x2xf32>)
    outs(%e10 : tensor<1x4x2xf32>) {
  ^bb0(%q9_0: f32, %q9_1: f32, %q9_2: f32):
    %q9_3 = arith.mulf %q9_0, %q9_1 : f32
    linalg.yield %q9_3 : f32
  } -> tensor<1x4x2xf32>
  %v11 = linalg.generic {indexing_maps = [
      affine_map<() -> ()>,
      affine_map<() -> ()>],
      iterator_types = []}
    ins(%v2 : tensor<f32>)
    outs(%e12 : tensor<f32>) {
  ^bb0(%q11_0: f32, %q11_1: f32):
    %q11_2 = math.tanh %q11_0 : f32
    linalg.yield %q11_2 : f32
  } -> tensor<f32>
  func.return %v11 : tensor<f32>
}
