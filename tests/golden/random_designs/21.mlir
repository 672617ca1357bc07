// A random program of tensor ops.
func.func @main(%in0: tensor<1x2x2x6xf32> {dataflow.role = "input", dataflow.name = "in0"}, %wt1: tensor<1x2x2x6xf32> {dataflow.role = "weight", dataflow.name = "wt1"}, %wt2: tensor<2x2x1x1xf32> {dataflow.role = "weight", dataflow.name = "wt2"}) -> (tensor<1x2x2x6xf32> {dataflow.name = "y"}) {
  %e2 = tensor.empty() : tensor<1x2x2x6xf32>
  %e5 = tensor.empty() : tensor<f32>
  %e7 = tensor.empty() : tensor<1x2x2x6xf32>
  %e9 = tensor.empty() : tensor<1x2x2x6xf32>
  %e12 = tensor.empty() : tensor<1x2x1x3xf32>
  %e14 = tensor.empty() : tensor<1x2x2x6xf32>
  %zero = arith.constant 0.0 : f32
  %low = arith.constant 0xFF800000 : f32
  %v1 = linalg.generic {indexing_maps = [
      affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>,
      affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>],
      iterator_types = ["parallel", "parallel", "parallel", "parallel"]}
    ins(%in0 : tensor<1x2x2x6xf32>)
    outs(%e2 : tensor<1x2x2x6xf32>) {
  ^bb0(%q1_0: f32, %q1_1: f32):
    %q1_2 = math.tanh %q1_0 : f32
    linalg.yield %q1_2 : f32
  } -> tensor<1x2x2x6xf32>
  %i4 = linalg.generic {indexing_maps = [
      affine_map<() -> ()>,
      affine_map<() -> ()>],
      iterator_types = []}
    ins(%zero : f32)
    outs(%e5 : tensor<f32>) {
  ^bb0(%i4a: f32, %i4b: f32):
    linalg.yield %i4a : f32
  } -> tensor<f32>
  %v3 = linalg.generic {indexing_maps = [
      affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>,
      affine_map<(d0, d1, d2, d3) -> ()>],
      iterator_types = ["reduction", "reduction", "reduction", "reduction"]}
    ins(%in0 : tensor<1x2x2x6xf32>)
    outs(%i4 : tensor<f32>) {
  ^bb0(%q3_0: f32, %q3_1: f32):
    %q3_9 = arith.addf %q3_1, %q3_0 : f32
    linalg.yield %q3_9 : f32
  } -> tensor<f32>
  %v6 = linalg.generic {indexing_maps = [
      affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>,
      affine_map<(d0, d1, d2, d3) -> (0, d1, d2, d3)>,
      affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>],
      iterator_types = ["parallel", "parallel", "parallel", "parallel"]}
    ins(%in0, %v1 : tensor<1x2x2x6xf32>, tensor<1x2x2x6xf32>)
    outs(%e7 : tensor<1x2x2x6xf32>) {
  ^bb0(%q6_0: f32, %q6_1: f32, %q6_2: f32):
    %q6_3 = arith.subf %q6_0, %q6_1 : f32
    linalg.yield %q6_3 : f32
  } -> tensor<1x2x2x6xf32>
  %v8 = linalg.generic {indexing_maps = [
      affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>,
      affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>,
      affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>],
      iterator_types = ["parallel", "parallel", "parallel", "parallel"]}
    ins(%v6, %wt1 : tensor<1x2x2x6xf32>, tensor<1x2x2x6xf32>)
    outs(%e9 : tensor<1x2x2x6xf32>) {
  ^bb0(%q8_0: f32, %q8_1: f32, %q8_2: f32):
    %q8_3 = arith.addf %q8_0, %q8_1 : f32
    linalg.yield %q8_3 : f32
  } -> tensor<1x2x2x6xf32>
  %i11 = linalg.generic {indexing_maps = [
      affine_map<(d0, d1, d2, d3) -> ()>,
      affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>],
      iterator_types = ["parallel", "parallel", "parallel", "parallel"]}
    ins(%zero : f32)
    outs(%e12 : tensor<1x2x1x3xf32>) {
  ^bb0(%i11a: f32, %i11b: f32):
    linalg.yield %i11a : f32
  } -> tensor<1x2x1x3xf32>
  %v10 = linalg.generic {indexing_maps = [
      affine_map<(d0, d1, d2, d3, d4, d5, d6) -> (d0, d4, d2 * 2 + d5, d3 * 2 + d6)>,
      affine_map<(d0, d1, d2, d3, d4, d5, d6) -> (d1, d4, d5, d6)>,
      affine_map<(d0, d1, d2, d3, d4, d5, d6) -> (d0, d1, d2, d3)>],
      iterator_types = ["parallel", "parallel", "parallel", "parallel", "reduction", "reduction", "reduction"]}
    ins(%v6, %wt2 : tensor<1x2x2x6xf32>, tensor<2x2x1x1xf32>)
    outs(%i11 : tensor<1x2x1x3xf32>) {
  ^bb0(%q10_0: f32, %q10_1: f32, %q10_2: f32):
    %q10_3 = arith.mulf %q10_0, %q10_1 : f32
    %q10_4 = arith.addf %q10_2, %q10_3 : f32
    linalg.yield %q10_4 : f32
  } -> tensor<1x2x1x3xf32>
  %v13 = linalg.generic {indexing_maps = [
      affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>,
      affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>],
      iterator_types = ["parallel", "parallel", "parallel", "parallel"]}
    ins(%in0 : tensor<1x2x2x6xf32>)
    outs(%e14 : tensor<1x2x2x6xf32>) {
  ^bb0(%q13_0: f32, %q13_1: f32):
    %q13_2 = math.tanh %q13_0 : f32
    linalg.yield %q13_2 : f32
  } -> tensor<1x2x2x6xf32>
  func.return %v13 : tensor<1x2x2x6xf32>
}
