// A random program of tensor ops.
func.func @main(%in0: tensor<1x4xf32> {dataflow.role = "input", dataflow.name = "in0"}, %in1: tensor<4x1xf32> {dataflow.role = "input", dataflow.name = "in1"}) -> (tensor<1x4xf32> {dataflow.name = "y"}) {
  %e2 = tensor.empty() : tensor<1x4xf32>
  %e7 = tensor.empty() : tensor<4x1xf32>
  %zero = arith.constant 0.0 : f32
  %low = arith.constant 0xFF800000 : f32
  %v1 = linalg.generic {indexing_maps = [
      affine_map<(d0, d1) -> (d0, d1)>,
      affine_map<(d0, d1) -> (d1, d0)>,
      affine_map<(d0, d1) -> (d0, d1)>],
      iterator_types = ["parallel", "parallel"]}
    ins(%in0, %in1 : tensor<1x4xf32>, tensor<4x1xf32>)
    outs(%e2 : tensor<1x4xf32>) {
  ^bb0(%q1_0: f32, %q1_1: f32, %q1_2: f32):
    %q1_3 = arith.mulf %q1_0, %q1_1 : f32
    linalg.yield %q1_3 : f32
  } -> tensor<1x4xf32>
  %v3 = tensor.collapse_shape %v1 [[0 : i64, 1 : i64]] : tensor<1x4xf32> into tensor<4xf32>
  %v4 = tensor.expand_shape %v3 [[0 : i64, 1 : i64]] output_shape [4, 1] : tensor<4xf32> into tensor<4x1xf32>
  %v5 = "tensor.pad"(%v4) <{static_low = array<i64: 1, 0>, static_high = array<i64: 0, 1>, operandSegmentSizes = array<i32: 1, 0, 0>}> ({
  ^bb0(%q5_0: index, %q5_1: index):
    "tensor.yield"(%zero) : (f32) -> ()
  }) : (tensor<4x1xf32>) -> tensor<5x2xf32>
  %v6 = linalg.generic {indexing_maps = [
      affine_map<(d0, d1) -> (d1, d0)>,
      affine_map<(d0, d1) -> (d0, d1)>],
      iterator_types = ["parallel", "parallel"]}
    ins(%v1 : tensor<1x4xf32>)
    outs(%e7 : tensor<4x1xf32>) {
  ^bb0(%q6_0: f32, %q6_1: f32):
    linalg.yield %q6_0 : f32
  } -> tensor<4x1xf32>
  %v8 = tensor.collapse_shape %v4 [[0 : i64, 1 : i64]] : tensor<4x1xf32> into tensor<4xf32>
  %v9 = tensor.expand_shape %v8 [[0 : i64, 1 : i64]] output_shape [1, 4] : tensor<4xf32> into tensor<1x4xf32>
  func.return %v9 : tensor<1x4xf32>
}
