// A random program of tensor ops.
func.func @main(%in0: tensor<4x6x1x4xf32> {dataflow.role = "input", dataflow.name = "in0"}, %in1: tensor<4xf32> {dataflow.role = "input", dataflow.name = "in1"}, %wt2: tensor<3x12x1x2xf32> {dataflow.role = "weight", dataflow.name = "wt2"}) -> (tensor<4x3x1x3xf32> {dataflow.name = "y"}) {
  %e4 = tensor.empty() : tensor<4x12x1x4xf32>
  %e8 = tensor.empty() : tensor<4x3x1x3xf32>
  %e10 = tensor.empty() : tensor<4x3x1x3xf32>
  %zero = arith.constant 0.0 : f32
  %low = arith.constant 0xFF800000 : f32
  %v1 = tensor.concat dim(1) %in0, %in0 : (tensor<4x6x1x4xf32>, tensor<4x6x1x4xf32>) -> tensor<4x12x1x4xf32>
  %v2 = "tensor.pad"(%in0) <{static_low = array<i64: 0, 2, 1, 2>, static_high = array<i64: 0, 1, 1, 0>, operandSegmentSizes = array<i32: 1, 0, 0>}> ({
  ^bb0(%q2_0: index, %q2_1: index, %q2_2: index, %q2_3: index):
    "tensor.yield"(%zero) : (f32) -> ()
  }) : (tensor<4x6x1x4xf32>) -> tensor<4x9x3x6xf32>
  %v3 = linalg.generic {indexing_maps = [
      affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>,
      affine_map<(d0, d1, d2, d3) -> (d0)>,
      affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>],
      iterator_types = ["parallel", "parallel", "parallel", "parallel"]}
    ins(%v1, %in1 : tensor<4x12x1x4xf32>, tensor<4xf32>)
    outs(%e4 : tensor<4x12x1x4xf32>) {
  ^bb0(%q3_0: f32, %q3_1: f32, %q3_2: f32):
    %q3_3 = arith.mulf %q3_0, %q3_1 : f32
    linalg.yield %q3_3 : f32
  } -> tensor<4x12x1x4xf32>
  %v5 = tensor.extract_slice %v3[1, 8, 0, 2] [1, 2, 1, 1] [1, 1, 1, 1] : tensor<4x12x1x4xf32> to tensor<1x2x1x1xf32>
  %i7 = linalg.generic {indexing_maps = [
      affine_map<(d0, d1, d2, d3) -> ()>,
      affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>],
      iterator_types = ["parallel", "parallel", "parallel", "parallel"]}
    ins(%zero : f32)
    outs(%e8 : tensor<4x3x1x3xf32>) {
  ^bb0(%i7a: f32, %i7b: f32):
    linalg.yield %i7a : f32
  } -> tensor<4x3x1x3xf32>
  %v6 = linalg.generic {indexing_maps = [
      affine_map<(d0, d1, d2, d3, d4, d5, d6) -> (d0, d4, d2 + d5, d3 + d6)>,
      affine_map<(d0, d1, d2, d3, d4, d5, d6) -> (d1, d4, d5, d6)>,
      affine_map<(d0, d1, d2, d3, d4, d5, d6) -> (d0, d1, d2, d3)>],
      iterator_types = ["parallel", "parallel", "parallel", "parallel", "reduction", "reduction", "reduction"]}
    ins(%v1, %wt2 : tensor<4x12x1x4xf32>, tensor<3x12x1x2xf32>)
    outs(%i7 : tensor<4x3x1x3xf32>) {
  ^bb0(%q6_0: f32, %q6_1: f32, %q6_2: f32):
    %q6_3 = arith.mulf %q6_0, %q6_1 : f32
    %q6_4 = arith.addf %q6_2, %q6_3 : f32
    linalg.yield %q6_4 : f32
  } -> tensor<4x3x1x3xf32>
  %v9 = linalg.generic {indexing_maps = [
      affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>,
      affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>],
      iterator_types = ["parallel", "parallel", "parallel", "parallel"]}
    ins(%v6 : tensor<4x3x1x3xf32>)
    outs(%e10 : tensor<4x3x1x3xf32>) {
  ^bb0(%q9_0: f32, %q9_1: f32):
    %q9_2 = math.tanh %q9_0 : f32
    linalg.yield %q9_2 : f32
  } -> tensor<4x3x1x3xf32>
  func.return %v9 : tensor<4x3x1x3xf32>
}
