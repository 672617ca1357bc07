// A random program of tensor ops.
func.func @main(%in0: tensor<3x6x3x1xf32> {dataflow.role = "input", dataflow.name = "in0"}, %wt1: tensor<3x6x1x1xf32> {dataflow.role = "weight", dataflow.name = "wt1"}, %in2: tensor<3x2x1x1xf32> {dataflow.role = "input", dataflow.name = "in2"}) -> (tensor<3x3x2x1xf32> {dataflow.name = "y"}) {
  %e4 = tensor.empty() : tensor<3x3x2x1xf32>
  %zero = arith.constant 0.0 : f32
  %low = arith.constant 0xFF800000 : f32
  %v1 = "tensor.pad"(%in0) <{static_low = array<i64: 1, 0, 0, 0>, static_high = array<i64: 1, 0, 1, 1>, operandSegmentSizes = array<i32: 1, 0, 0>}> ({
  ^bb0(%q1_0: index, %q1_1: index, %q1_2: index, %q1_3: index):
    "tensor.yield"(%zero) : (f32) -> ()
  }) : (tensor<3x6x3x1xf32>) -> tensor<5x6x4x2xf32>
  %i3 = linalg.generic {indexing_maps = [
      affine_map<(d0, d1, d2, d3) -> ()>,
      affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>],
      iterator_types = ["parallel", "parallel", "parallel", "parallel"]}
    ins(%zero : f32)
    outs(%e4 : tensor<3x3x2x1xf32>) {
  ^bb0(%i3a: f32, %i3b: f32):
    linalg.yield %i3a : f32
  } -> tensor<3x3x2x1xf32>
  %v2 = linalg.generic {indexing_maps = [
      affine_map<(d0, d1, d2, d3, d4, d5, d6) -> (d0, d4, d2 * 2 + d5, d3 * 2 + d6)>,
      affine_map<(d0, d1, d2, d3, d4, d5, d6) -> (d1, d4, d5, d6)>,
      affine_map<(d0, d1, d2, d3, d4, d5, d6) -> (d0, d1, d2, d3)>],
      iterator_types = ["parallel", "parallel", "parallel", "parallel", "reduction", "reduction", "reduction"]}
    ins(%in0, %wt1 : tensor<3x6x3x1xf32>, tensor<3x6x1x1xf32>)
    outs(%i3 : tensor<3x3x2x1xf32>) {
  ^bb0(%q2_0: f32, %q2_1: f32, %q2_2: f32):
    %q2_3 = arith.mulf %q2_0, %q2_1 : f32
    %q2_4 = arith.addf %q2_2, %q2_3 : f32
    linalg.yield %q2_4 : f32
  } -> tensor<3x3x2x1xf32>
  %v6 = tensor.insert_slice %in2 into %v2[0, 0, 1, 0] [3, 2, 1, 1] [1, 2, 2, 2] : tensor<3x2x1x1xf32> into tensor<3x3x2x1xf32>
  func.return %v6 : tensor<3x3x2x1xf32>
}
