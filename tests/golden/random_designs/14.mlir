// A random program of tensor ops.
func.func @main(%in0: tensor<3x1x2xf32> {dataflow.role = "input", dataflow.name = "in0"}, %in1: tensor<3x1x1xf32> {dataflow.role = "input", dataflow.name = "in1"}, %wt2: tensor<1x3xf32> {dataflow.role = "weight", dataflow.name = "wt2"}) -> (tensor<3x1x2xf32> {dataflow.name = "y"}, tensor<1x3x2xf32> {dataflow.name = "y1"}) {
  %e5 = tensor.empty() : tensor<1x2x3xf32>
  %e9 = tensor.empty() : tensor<3x1x2xf32>
  %zero = arith.constant 0.0 : f32
  %low = arith.constant 0xFF800000 : f32
  %v1 = tensor.collapse_shape %in0 [[0 : i64], [1 : i64, 2 : i64]] : tensor<3x1x2xf32> into tensor<3x2xf32>
  %v2 = tensor.expand_shape %v1 [[0 : i64], [1 : i64, 2 : i64]] output_shape [3, 1, 2] : tensor<3x2xf32> into tensor<3x1x2xf32>
  %v3 = tensor.insert_slice %in1 into %v2[0, 0, 0] [3, 1, 1] [1, 2, 1] : tensor<3x1x1xf32> into tensor<3x1x2xf32>
  %v4 = linalg.generic {indexing_maps = [
      affine_map<(d0, d1, d2) -> (d2, d0, d1)>,
      affine_map<(d0, d1, d2) -> (d0, d1, d2)>],
      iterator_types = ["parallel", "parallel", "parallel"]}
    ins(%in0 : tensor<3x1x2xf32>)
    outs(%e5 : tensor<1x2x3xf32>) {
  ^bb0(%q4_0: f32, %q4_1: f32):
    linalg.yield %q4_0 : f32
  } -> tensor<1x2x3xf32>
  %v6 = tensor.collapse_shape %v2 [[0 : i64, 1 : i64], [2 : i64]] : tensor<3x1x2xf32> into tensor<3x2xf32>
  %v7 = tensor.expand_shape %v6 [[0 : i64, 1 : i64], [2 : i64]] output_shape [1, 3, 2] : tensor<3x2xf32> into tensor<1x3x2xf32>
  %v8 = linalg.generic {indexing_maps = [
      affine_map<(d0, d1, d2) -> (d0, d1, d2)>,
      affine_map<(d0, d1, d2) -> (d1, d0)>,
      affine_map<(d0, d1, d2) -> (d0, d1, d2)>],
      iterator_types = ["parallel", "parallel", "parallel"]}
    ins(%v2, %wt2 : tensor<3x1x2xf32>, tensor<1x3xf32>)
    outs(%e9 : tensor<3x1x2xf32>) {
  ^bb0(%q8_0: f32, %q8_1: f32, %q8_2: f32):
    %q8_3 = arith.mulf %q8_0, %q8_1 : f32
    linalg.yield %q8_3 : f32
  } -> tensor<3x1x2xf32>
  func.return %v8, %v7 : tensor<3x1x2xf32>, tensor<1x3x2xf32>
}
