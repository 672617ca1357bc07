// A random program of tensor ops.
func.func @main(%in0: tensor<1x2x4x1xf32> {dataflow.role = "input", dataflow.name = "in0"}, %wt1: tensor<2x3x1x2xf32> {dataflow.role = "weight", dataflow.name = "wt1"}) -> (tensor<3x2x3x1xf32> {dataflow.name = "y"}) {
  %e3 = tensor.empty() : tensor<f32>
  %e8 = tensor.empty() : tensor<3x2x3x1xf32>
  %e10 = tensor.empty() : tensor<3x2x3x1xf32>
  %zero = arith.constant 0.0 : f32
  %low = arith.constant 0xFF800000 : f32
  %i2 = linalg.generic {indexing_maps = [
      affine_map<() -> ()>,
      affine_map<() -> ()>],
      iterator_types = []}
    ins(%zero : f32)
    outs(%e3 : tensor<f32>) {
  ^bb0(%i2a: f32, %i2b: f32):
    linalg.yield %i2a : f32
  } -> tensor<f32>
  %v1 = linalg.generic {indexing_maps = [
      affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>,
      affine_map<(d0, d1, d2, d3) -> ()>],
      iterator_types = ["reduction", "reduction", "reduction", "reduction"]}
    ins(%in0 : tensor<1x2x4x1xf32>)
    outs(%i2 : tensor<f32>) {
  ^bb0(%q1_0: f32, %q1_1: f32):
    %q1_9 = arith.addf %q1_1, %q1_0 : f32
    linalg.yield %q1_9 : f32
  } -> tensor<f32>
  %v5 = "tensor.pad"(%in0) <{static_low = array<i64: 1, 1, 2, 2>, static_high = array<i64: 1, 0, 0, 0>, operandSegmentSizes = array<i32: 1, 0, 0>}> ({
  ^bb0(%q5_0: index, %q5_1: index, %q5_2: index, %q5_3: index):
    "tensor.yield"(%zero) : (f32) -> ()
  }) : (tensor<1x2x4x1xf32>) -> tensor<3x3x6x3xf32>
  %i7 = linalg.generic {indexing_maps = [
      affine_map<(d0, d1, d2, d3) -> ()>,
      affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>],
      iterator_types = ["parallel", "parallel", "parallel", "parallel"]}
    ins(%zero : f32)
    outs(%e8 : tensor<3x2x3x1xf32>) {
  ^bb0(%i7a: f32, %i7b: f32):
    linalg.yield %i7a : f32
  } -> tensor<3x2x3x1xf32>
  %v6 = linalg.generic {indexing_maps = [
      affine_map<(d0, d1, d2, d3, d4, d5, d6) -> (d0, d4, d2 * 2 + d5 * 2, d3 * 2 + d6 * 2)>,
      affine_map<(d0, d1, d2, d3, d4, d5, d6) -> (d1, d4, d5, d6)>,
      affine_map<(d0, d1, d2, d3, d4, d5, d6) -> (d0, d1, d2, d3)>],
      iterator_types = ["parallel", "parallel", "parallel", "parallel", "reduction", "reduction", "reduction"]}
    ins(%v5, %wt1 : tensor<3x3x6x3xf32>, tensor<2x3x1x2xf32>)
    outs(%i7 : tensor<3x2x3x1xf32>) {
  ^bb0(%q6_0: f32, %q6_1: f32, %q6_2: f32):
    %q6_3 = arith.mulf %q6_0, %q6_1 : f32
    %q6_4 = arith.addf %q6_2, %q6_3 : f32
    linalg.yield %q6_4 : f32
  } -> tensor<3x2x3x1xf32>
  %v9 = linalg.generic {indexing_maps = [
      affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>,
      affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>],
      iterator_types = ["parallel", "parallel", "parallel", "parallel"]}
    ins(%v6 : tensor<3x2x3x1xf32>)
    outs(%e10 : tensor<3x2x3x1xf32>) {
  ^bb0(%q9_0: f32, %q9_1: f32):
    %q9_2 = math.tanh %q9_0 : f32
    linalg.yield %q9_2 : f32
  } -> tensor<3x2x3x1xf32>
  func.return %v9 : tensor<3x2x3x1xf32>
}
