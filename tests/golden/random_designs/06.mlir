// A random program of tensor ops.
func.func @main(%in0: tensor<6x3x2x2xf32> {dataflow.role = "input", dataflow.name = "in0"}, %in1: tensor<3x6xf32> {dataflow.role = "input", dataflow.name = "in1"}, %in2: tensor<1x2x1x2xf32> {dataflow.role = "input", dataflow.name = "in2"}, %wt3: tensor<2x2x3xf32> {dataflow.role = "weight", dataflow.name = "wt3"}) -> (tensor<6x3x2x2xf32> {dataflow.name = "y"}) {
  %e2 = tensor.empty() : tensor<6x3x2x2xf32>
  %e4 = tensor.empty() : tensor<6x3x2x2xf32>
  %e8 = tensor.empty() : tensor<6x3x2x2xf32>
  %zero = arith.constant 0.0 : f32
  %low = arith.constant 0xFF800000 : f32
  %v1 = linalg.generic {indexing_maps = [
      affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>,
      affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>,
      affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>],
      iterator_types = ["parallel", "parallel", "parallel", "parallel"]}
    ins(%in0, %in0 : tensor<6x3x2x2xf32>, tensor<6x3x2x2xf32>)
    outs(%e2 : tensor<6x3x2x2xf32>) {
  ^bb0(%q1_0: f32, %q1_1: f32, %q1_2: f32):
    %q1_3 = arith.mulf %q1_0, %q1_1 : f32
    linalg.yield %q1_3 : f32
  } -> tensor<6x3x2x2xf32>
  %v3 = linalg.generic {indexing_maps = [
      affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>,
      affine_map<(d0, d1, d2, d3) -> (d1, d0)>,
      affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>],
      iterator_types = ["parallel", "parallel", "parallel", "parallel"]}
    ins(%v1, %in1 : tensor<6x3x2x2xf32>, tensor<3x6xf32>)
    outs(%e4 : tensor<6x3x2x2xf32>) {
  ^bb0(%q3_0: f32, %q3_1: f32, %q3_2: f32):
    %q3_3 = arith.mulf %q3_0, %q3_1 : f32
    linalg.yield %q3_3 : f32
  } -> tensor<6x3x2x2xf32>
  %v5 = tensor.insert_slice %in2 into %v3[3, 0, 1, 0] [1, 2, 1, 2] [1, 2, 1, 1] : tensor<1x2x1x2xf32> into tensor<6x3x2x2xf32>
  %v6 = tensor.extract_slice %v5[3, 0, 1, 1] [2, 2, 1, 1] [1, 2, 1, 1] : tensor<6x3x2x2xf32> to tensor<2x2x1x1xf32>
  %v7 = linalg.generic {indexing_maps = [
      affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>,
      affine_map<(d0, d1, d2, d3) -> (d2, d3, d1)>,
      affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>],
      iterator_types = ["parallel", "parallel", "parallel", "parallel"]}
    ins(%in0, %wt3 : tensor<6x3x2x2xf32>, tensor<2x2x3xf32>)
    outs(%e8 : tensor<6x3x2x2xf32>) {
  ^bb0(%q7_0: f32, %q7_1: f32, %q7_2: f32):
    %q7_3 = arith.mulf %q7_0, %q7_1 : f32
    linalg.yield %q7_3 : f32
  } -> tensor<6x3x2x2xf32>
  func.return %v7 : tensor<6x3x2x2xf32>
}
