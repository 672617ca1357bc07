// A random program of tensor ops.
func.func @main(%in0: tensor<6x3xf32> {dataflow.role = "input", dataflow.name = "in0"}, %wt1: tensor<4xf32> {dataflow.role = "weight", dataflow.name = "wt1"}, %in2: tensor<3x2xf32> {dataflow.role = "input", dataflow.name = "in2"}, %wt3: tensor<2x2xf32> {dataflow.role = "weight", dataflow.name = "wt3"}) -> (tensor<4x2xf32> {dataflow.name = "y"}, tensor<6x3xf32> {dataflow.name = "y1"}) {
  %e3 = tensor.empty() : tensor<4x2xf32>
  %e9 = tensor.empty() : tensor<4x2xf32>
  %zero = arith.constant 0.0 : f32
  %low = arith.constant 0xFF800000 : f32
  %v1 = tensor.extract_slice %in0[1, 1] [4, 2] [1, 1] : tensor<6x3xf32> to tensor<4x2xf32>
  %v2 = linalg.generic {indexing_maps = [
      affine_map<(d0, d1) -> (d0, d1)>,
      affine_map<(d0, d1) -> (d0)>,
      affine_map<(d0, d1) -> (d0, d1)>],
      iterator_types = ["parallel", "parallel"]}
    ins(%v1, %wt1 : tensor<4x2xf32>, tensor<4xf32>)
    outs(%e3 : tensor<4x2xf32>) {
  ^bb0(%q2_0: f32, %q2_1: f32, %q2_2: f32):
    %q2_3 = arith.mulf %q2_0, %q2_1 : f32
    linalg.yield %q2_3 : f32
  } -> tensor<4x2xf32>
  %v4 = tensor.collapse_shape %v2 [[0 : i64, 1 : i64]] : tensor<4x2xf32> into tensor<8xf32>
  %v5 = tensor.expand_shape %v4 [[0 : i64, 1 : i64]] output_shape [4, 2] : tensor<8xf32> into tensor<4x2xf32>
  %v6 = tensor.insert_slice %in2 into %in0[0, 0] [3, 2] [1, 1] : tensor<3x2xf32> into tensor<6x3xf32>
  %i8 = linalg.generic {indexing_maps = [
      affine_map<(d0, d1) -> ()>,
      affine_map<(d0, d1) -> (d0, d1)>],
      iterator_types = ["parallel", "parallel"]}
    ins(%zero : f32)
    outs(%e9 : tensor<4x2xf32>) {
  ^bb0(%i8a: f32, %i8b: f32):
    linalg.yield %i8a : f32
  } -> tensor<4x2xf32>
  %v7 = linalg.generic {indexing_maps = [
      affine_map<(d0, d1, d2) -> (d0, d2)>,
      affine_map<(d0, d1, d2) -> (d2, d1)>,
      affine_map<(d0, d1, d2) -> (d0, d1)>],
      iterator_types = ["parallel", "parallel", "reduction"]}
    ins(%v5, %wt3 : tensor<4x2xf32>, tensor<2x2xf32>)
    outs(%i8 : tensor<4x2xf32>) {
  ^bb0(%q7_0: f32, %q7_1: f32, %q7_2: f32):
    %q7_3 = arith.mulf %q7_0, %q7_1 : f32
    %q7_4 = arith.addf %q7_2, %q7_3 : f32
    linalg.yield %q7_4 : f32
  } -> tensor<4x2xf32>
  func.return %v7, %v6 : tensor<4x2xf32>, tensor<6x3xf32>
}
