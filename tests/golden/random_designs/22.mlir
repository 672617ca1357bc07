// A random program of tensor ops.
func.func @main(%in0: tensor<2x1xf32> {dataflow.role = "input", dataflow.name = "in0"}, %wt1: tensor<1xf32> {dataflow.role = "weight", dataflow.name = "wt1"}, %in2: tensor<2x1xf32> {dataflow.role = "input", dataflow.name = "in2"}) -> (tensor<2x2xf32> {dataflow.name = "y"}) {
  %e2 = tensor.empty() : tensor<2x1xf32>
  %e4 = tensor.empty() : tensor<2x1xf32>
  %e7 = tensor.empty() : tensor<2x1xf32>
  %zero = arith.constant 0.0 : f32
  %low = arith.constant 0xFF800000 : f32
  %v1 = linalg.generic {indexing_maps = [
      affine_map<(d0, d1) -> (d0, d1)>,
      affine_map<(d0, d1) -> (d0, d1)>],
      iterator_types = ["parallel", "parallel"]}
    ins(%in0 : tensor<2x1xf32>)
    outs(%e2 : tensor<2x1xf32>) {
  ^bb0(%q1_0: f32, %q1_1: f32):
    %q1_2 = math.tanh %q1_0 : f32
    linalg.yield %q1_2 : f32
  } -> tensor<2x1xf32>
  %v3 = linalg.generic {indexing_maps = [
      affine_map<(d0, d1) -> (d0, d1)>,
      affine_map<(d0, d1) -> (d0, d1)>,
      affine_map<(d0, d1) -> (d0, d1)>],
      iterator_types = ["parallel", "parallel"]}
    ins(%in0, %v1 : tensor<2x1xf32>, tensor<2x1xf32>)
    outs(%e4 : tensor<2x1xf32>) {
  ^bb0(%q3_0: f32, %q3_1: f32, %q3_2: f32):
    %q3_3 = arith.mulf %q3_0, %q3_1 : f32
    linalg.yield %q3_3 : f32
  } -> tensor<2x1xf32>
  %v5 = tensor.extract_slice %v3[0, 0] [1, 1] [1, 1] : tensor<2x1xf32> to tensor<1x1xf32>
  %v6 = linalg.generic {indexing_maps = [
      affine_map<(d0, d1) -> (d0, d1)>,
      affine_map<(d0, d1) -> (d1)>,
      affine_map<(d0, d1) -> (d0, d1)>],
      iterator_types = ["parallel", "parallel"]}
    ins(%v1, %wt1 : tensor<2x1xf32>, tensor<1xf32>)
    outs(%e7 : tensor<2x1xf32>) {
  ^bb0(%q6_0: f32, %q6_1: f32, %q6_2: f32):
    %q6_3 = arith.mulf %q6_0, %q6_1 : f32
    linalg.yield %q6_3 : f32
  } -> tensor<2x1xf32>
  %v8 = tensor.concat dim(1) %v6, %in2 : (tensor<2x1xf32>, tensor<2x1xf32>) -> tensor<2x2xf32>
  func.return %v8 : tensor<2x2xf32>
}
