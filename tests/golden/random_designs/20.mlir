// A random program of tensor ops.
func.func @main(%in0: tensor<4x3x3x3xf32> {dataflow.role = "input", dataflow.name = "in0"}, %wt1: tensor<4x3x3xf32> {dataflow.role = "weight", dataflow.name = "wt1"}) -> (tensor<1x1x1x1xf32> {dataflow.name = "y"}, tensor<4x3x3x3xf32> {dataflow.name = "y1"}) {
  %e2 = tensor.empty() : tensor<4x3x3x3xf32>
  %e5 = tensor.empty() : tensor<1x1x1x1xf32>
  %e7 = tensor.empty() : tensor<4x3x3x3xf32>
  %e10 = tensor.empty() : tensor<4x3x3x3xf32>
  %e12 = tensor.empty() : tensor<1x1x1x1xf32>
  %zero = arith.constant 0.0 : f32
  %low = arith.constant 0xFF800000 : f32
  %v1 = linalg.generic {indexing_maps = [
      affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>,
      affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>,
      affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>],
      iterator_types = ["parallel", "parallel", "parallel", "parallel"]}
    ins(%in0, %in0 : tensor<4x3x3x3xf32>, tensor<4x3x3x3xf32>)
    outs(%e2 : tensor<4x3x3x3xf32>) {
  ^bb0(%q1_0: f32, %q1_1: f32, %q1_2: f32):
    %q1_3 = arith.subf %q1_0, %q1_1 : f32
    linalg.yield %q1_3 : f32
  } -> tensor<4x3x3x3xf32>
  %i4 = linalg.generic {indexing_maps = [
      affine_map<(d0, d1, d2, d3) -> ()>,
      affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>],
      iterator_types = ["parallel", "parallel", "parallel", "parallel"]}
    ins(%low : f32)
    outs(%e5 : tensor<1x1x1x1xf32>) {
  ^bb0(%i4a: f32, %i4b: f32):
    linalg.yield %i4a : f32
  } -> tensor<1x1x1x1xf32>
  %v3 = linalg.generic {indexing_maps = [
      affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>,
      affine_map<(d0, d1, d2, d3) -> (0, 0, 0, 0)>],
      iterator_types = ["reduction", "reduction", "reduction", "reduction"]}
    ins(%in0 : tensor<4x3x3x3xf32>)
    outs(%i4 : tensor<1x1x1x1xf32>) {
  ^bb0(%q3_0: f32, %q3_1: f32):
    %q3_9 = arith.maximumf %q3_1, %q3_0 : f32
    linalg.yield %q3_9 : f32
  } -> tensor<1x1x1x1xf32>
  %v6 = linalg.generic {indexing_maps = [
      affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>,
      affine_map<(d0, d1, d2, d3) -> (d0, d2, d1)>,
      affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>],
      iterator_types = ["parallel", "parallel", "parallel", "parallel"]}
    ins(%v1, %wt1 : tensor<4x3x3x3xf32>, tensor<4x3x3xf32>)
    outs(%e7 : tensor<4x3x3x3xf32>) {
  ^bb0(%q6_0: f32, %q6_1: f32, %q6_2: f32):
    %q6_3 = arith.mulf %q6_0, %q6_1 : f32
    linalg.yield %q6_3 : f32
  } -> tensor<4x3x3x3xf32>
  %v9 = linalg.generic {indexing_maps = [
      affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>,
      affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>],
      iterator_types = ["parallel", "parallel", "parallel", "parallel"]}
    ins(%v6 : tensor<4x3x3x3xf32>)
    outs(%e10 : tensor<4x3x3x3xf32>) {
  ^bb0(%q9_0: f32, %q9_1: f32):
    %q9_2 = math.tanh %q9_0 : f32
    linalg.yield %q9_2 : f32
  } -> tensor<4x3x3x3xf32>
  %v11 = linalg.generic {indexing_maps = [
      affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>,
      affine_map<(d0, d1, d2, d3) -> (0, 0, 0, 0)>,
      affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>],
      iterator_types = ["parallel", "parallel", "parallel", "parallel"]}
    ins(%v3, %v3 : tensor<1x1x1x1xf32>, tensor<1x1x1x1xf32>)
    outs(%e12 : tensor<1x1x1x1xf32>) {
  ^bb0(%q11_0: f32, %q11_1: f32, %q11_2: f32):
    %q11_3 = arith.subf %q11_0, %q11_1 : f32
    linalg.yield %q11_3 : f32
  } -> tensor<1x1x1x1xf32>
  func.return %v11, %v9 : tensor<1x1x1x1xf32>, tensor<4x3x3x3xf32>
}
