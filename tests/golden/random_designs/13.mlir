// A random program of tensor ops.
func.func @main(%in0: tensor<4x2xf32> {dataflow.role = "input", dataflow.name = "in0"}, %wt1: tensor<8x2xf32> {dataflow.role = "weight", dataflow.name = "wt1"}) -> (tensor<1x2xf32> {dataflow.name = "y"}) {
  %e4 = tensor.empty() : tensor<1x8xf32>
  %e7 = tensor.empty() : tensor<1x2xf32>
  %zero = arith.constant 0.0 : f32
  %low = arith.constant 0xFF800000 : f32
  %v1 = tensor.collapse_shape %in0 [[0 : i64, 1 : i64]] : tensor<4x2xf32> into tensor<8xf32>
  %v2 = tensor.expand_shape %v1 [[0 : i64, 1 : i64]] output_shape [1, 8] : tensor<8xf32> into tensor<1x8xf32>
  %v3 = linalg.generic {indexing_maps = [
      affine_map<(d0, d1) -> (d0, d1)>,
      affine_map<(d0, d1) -> (d0, d1)>],
      iterator_types = ["parallel", "parallel"]}
    ins(%v2 : tensor<1x8xf32>)
    outs(%e4 : tensor<1x8xf32>) {
  ^bb0(%q3_0: f32, %q3_1: f32):
    %q3_2 = math.tanh %q3_0 : f32
    linalg.yield %q3_2 : f32
  } -> tensor<1x8xf32>
  %i6 = linalg.generic {indexing_maps = [
      affine_map<(d0, d1) -> ()>,
      affine_map<(d0, d1) -> (d0, d1)>],
      iterator_types = ["parallel", "parallel"]}
    ins(%zero : f32)
    outs(%e7 : tensor<1x2xf32>) {
  ^bb0(%i6a: f32, %i6b: f32):
    linalg.yield %i6a : f32
  } -> tensor<1x2xf32>
  %v5 = linalg.generic {indexing_maps = [
      affine_map<(d0, d1, d2) -> (d0, d2)>,
      affine_map<(d0, d1, d2) -> (d2, d1)>,
      affine_map<(d0, d1, d2) -> (d0, d1)>],
      iterator_types = ["parallel", "parallel", "reduction"]}
    ins(%v3, %wt1 : tensor<1x8xf32>, tensor<8x2xf32>)
    outs(%i6 : tensor<1x2xf32>) {
  ^bb0(%q5_0: f32, %q5_1: f32, %q5_2: f32):
    %q5_3 = arith.mulf %q5_0, %q5_1 : f32
    %q5_4 = arith.addf %q5_2, %q5_3 : f32
    linalg.yield %q5_4 : f32
  } -> tensor<1x2xf32>
  func.return %v5 : tensor<1x2xf32>
}
