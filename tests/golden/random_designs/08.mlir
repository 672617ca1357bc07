// A random program of tensor ops.
func.func @main(%in0: tensor<4x4x3x4xf32> {dataflow.role = "input", dataflow.name = "in0"}, %wt1: tensor<3x4x3x3xf32> {dataflow.role = "weight", dataflow.name = "wt1"}) -> (tensor<3x1x1x1xf32> {dataflow.name = "y"}) {
  %e3 = tensor.empty() : tensor<4x3x1x2xf32>
  %e6 = tensor.empty() : tensor<3x2x1x1xf32>
  %zero = arith.constant 0.0 : f32
  %low = arith.constant 0xFF800000 : f32
  %i2 = linalg.generic {indexing_maps = [
      affine_map<(d0, d1, d2, d3) -> ()>,
      affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>],
      iterator_types = ["parallel", "parallel", "parallel", "parallel"]}
    ins(%zero : f32)
    outs(%e3 : tensor<4x3x1x2xf32>) {
  ^bb0(%i2a: f32, %i2b: f32):
    linalg.yield %i2a : f32
  } -> tensor<4x3x1x2xf32>
  %v1 = linalg.generic {indexing_maps = [
      affine_map<(d0, d1, d2, d3, d4, d5, d6) -> (d0, d4, d2 + d5, d3 + d6)>,
      affine_map<(d0, d1, d2, d3, d4, d5, d6) -> (d1, d4, d5, d6)>,
      affine_map<(d0, d1, d2, d3, d4, d5, d6) -> (d0, d1, d2, d3)>],
      iterator_types = ["parallel", "parallel", "parallel", "parallel", "reduction", "reduction", "reduction"]}
    ins(%in0, %wt1 : tensor<4x4x3x4xf32>, tensor<3x4x3x3xf32>)
    outs(%i2 : tensor<4x3x1x2xf32>) {
  ^bb0(%q1_0: f32, %q1_1: f32, %q1_2: f32):
    %q1_3 = arith.mulf %q1_0, %q1_1 : f32
    %q1_4 = arith.addf %q1_2, %q1_3 : f32
    linalg.yield %q1_4 : f32
  } -> tensor<4x3x1x2xf32>
  %v4 = tensor.extract_slice %v1[0, 1, 0, 1] [3, 2, 1, 1] [1, 1, 1, 2] : tensor<4x3x1x2xf32> to tensor<3x2x1x1xf32>
  %v5 = linalg.generic {indexing_maps = [
      affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>,
      affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>,
      affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>],
      iterator_types = ["parallel", "parallel", "parallel", "parallel"]}
    ins(%v4, %v4 : tensor<3x2x1x1xf32>, tensor<3x2x1x1xf32>)
    outs(%e6 : tensor<3x2x1x1xf32>) {
  ^bb0(%q5_0: f32, %q5_1: f32, %q5_2: f32):
    %q5_3 = arith.addf %q5_0, %q5_1 : f32
    linalg.yield %q5_3 : f32
  } -> tensor<3x2x1x1xf32>
  %v8 = tensor.concat dim(0) %v4, %v5 : (tensor<3x2x1x1xf32>, tensor<3x2x1x1xf32>) -> tensor<6x2x1x1xf32>
  %v9 = tensor.extract_slice %v5[0, 1, 0, 0] [3, 1, 1, 1] [1, 2, 1, 1] : tensor<3x2x1x1xf32> to tensor<3x1x1x1xf32>
  func.return %v9 : tensor<3x1x1x1xf32>
}
