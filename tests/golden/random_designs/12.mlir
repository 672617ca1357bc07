// A random program of tensor ops.
func.func @main(%in0: tensor<6x4x2x6xf32> {dataflow.role = "input", dataflow.name = "in0"}, %wt1: tensor<1x4x2x3xf32> {dataflow.role = "weight", dataflow.name = "wt1"}, %wt2: tensor<3x4x2x3xf32> {dataflow.role = "weight", dataflow.name = "wt2"}) -> (tensor<6x1x1x2xf32> {dataflow.name = "y"}) {
  %e2 = tensor.empty() : tensor<6x4x2x6xf32>
  %e6 = tensor.empty() : tensor<6x1x1x2xf32>
  %e9 = tensor.empty() : tensor<f32>
  %e12 = tensor.empty() : tensor<6x3x1x2xf32>
  %e14 = tensor.empty() : tensor<6x1x1x2xf32>
  %zero = arith.constant 0.0 : f32
  %low = arith.constant 0xFF800000 : f32
  %v1 = linalg.generic {indexing_maps = [
      affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>,
      affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>,
      affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>],
      iterator_types = ["parallel", "parallel", "parallel", "parallel"]}
    ins(%in0, %in0 : tensor<6x4x2x6xf32>, tensor<6x4x2x6xf32>)
    outs(%e2 : tensor<6x4x2x6xf32>) {
  ^bb0(%q1_0: f32, %q1_1: f32, %q1_2: f32):
    %q1_3 = arith.mulf %q1_0, %q1_1 : f32
    linalg.yield %q1_3 : f32
  } -> tensor<6x4x2x6xf32>
  %v3 = tensor.extract_slice %v1[5, 1, 0, 0] [1, 1, 1, 6] [2, 2, 2, 1] : tensor<6x4x2x6xf32> to tensor<1x1x1x6xf32>
  %i5 = linalg.generic {indexing_maps = [
      affine_map<(d0, d1, d2, d3) -> ()>,
      affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>],
      iterator_types = ["parallel", "parallel", "parallel", "parallel"]}
    ins(%zero : f32)
    outs(%e6 : tensor<6x1x1x2xf32>) {
  ^bb0(%i5a: f32, %i5b: f32):
    linalg.yield %i5a : f32
  } -> tensor<6x1x1x2xf32>
  %v4 = linalg.generic {indexing_maps = [
      affine_map<(d0, d1, d2, d3, d4, d5, d6) -> (d0, d4, d2 * 2 + d5, d3 * 2 + d6)>,
      affine_map<(d0, d1, d2, d3, d4, d5, d6) -> (d1, d4, d5, d6)>,
      affine_map<(d0, d1, d2, d3, d4, d5, d6) -> (d0, d1, d2, d3)>],
      iterator_types = ["parallel", "parallel", "parallel", "parallel", "reduction", "reduction", "reduction"]}
    ins(%in0, %wt1 : tensor<6x4x2x6xf32>, tensor<1x4x2x3xf32>)
    outs(%i5 : tensor<6x1x1x2xf32>) {
  ^bb0(%q4_0: f32, %q4_1: f32, %q4_2: f32):
    %q4_3 = arith.mulf %q4_0, %q4_1 : f32
    %q4_4 = arith.addf %q4_2, %q4_3 : f32
    linalg.yield %q4_4 : f32
  } -> tensor<6x1x1x2xf32>
  %i8 = linalg.generic {indexing_maps = [
      affine_map<() -> ()>,
      affine_map<() -> ()>],
      iterator_types = []}
    ins(%zero : f32)
    outs(%e9 : tensor<f32>) {
  ^bb0(%i8a: f32, %i8b: f32):
    linalg.yield %i8a : f32
  } -> tensor<f32>
  %v7 = linalg.generic {indexing_maps = [
      affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>,
      affine_map<(d0, d1, d2, d3) -> ()>],
      iterator_types = ["reduction", "reduction", "reduction", "reduction"]}
    ins(%in0 : tensor<6x4x2x6xf32>)
    outs(%i8 : tensor<f32>) {
  ^bb0(%q7_0: f32, %q7_1: f32):
    %q7_9 = arith.addf %q7_1, %q7_0 : f32
    linalg.yield %q7_9 : f32
  } -> tensor<f32>
  %i11 = linalg.generic {indexing_maps = [
      affine_map<(d0, d1, d2, d3) -> ()>,
      affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>],
      iterator_types = ["parallel", "parallel", "parallel", "parallel"]}
    ins(%zero : f32)
    outs(%e12 : tensor<6x3x1x2xf32>) {
  ^bb0(%i11a: f32, %i11b: f32):
    linalg.yield %i11a : f32
  } -> tensor<6x3x1x2xf32>
  %v10 = linalg.generic {indexing_maps = [
      affine_map<(d0, d1, d2, d3, d4, d5, d6) -> (d0, d4, d2 * 2 + d5, d3 * 2 + d6)>,
      affine_map<(d0, d1, d2, d3, d4, d5, d6) -> (d1, d4, d5, d6)>,
      affine_map<(d0, d1, d2, d3, d4, d5, d6) -> (d0, d1, d2, d3)>],
      iterator_types = ["parallel", "parallel", "parallel", "parallel", "reduction", "reduction", "reduction"]}
    ins(%in0, %wt2 : tensor<6x4x2x6xf32>, tensor<3x4x2x3xf32>)
    outs(%i11 : tensor<6x3x1x2xf32>) {
  ^bb0(%q10_0: f32, %q10_1: f32, %q10_2: f32):
    %q10_3 = arith.mulf %q10_0, %q10_1 : f32
    %q10_4 = arith.addf %q10_2, %q10_3 : f32
    linalg.yield %q10_4 : f32
  } -> tensor<6x3x1x2xf32>
  %v13 = linalg.generic {indexing_maps = [
      affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>,
      affine_map<(d0, d1, d2, d3) -> (d0, 0, 0, d3)>,
      affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>],
      iterator_types = ["parallel", "parallel", "parallel", "parallel"]}
    ins(%v4, %v4 : tensor<6x1x1x2xf32>, tensor<6x1x1x2xf32>)
    outs(%e14 : tensor<6x1x1x2xf32>) {
  ^bb0(%q13_0: f32, %q13_1: f32, %q13_2: f32):
    %q13_3 = arith.subf %q13_0, %q13_1 : f32
    linalg.yield %q13_3 : f32
  } -> tensor<6x1x1x2xf32>
  func.return %v13 : tensor<6x1x1x2xf32>
}
