// A random program of tensor ops.
func.func @main(%in0: tensor<3x2x6x1xf32> {dataflow.role = "input", dataflow.name = "in0"}, %in1: tensor<3x2x6x2xf32> {dataflow.role = "input", dataflow.name = "in1"}, %in2: tensor<2x1x1x1xf32> {dataflow.role = "input", dataflow.name = "in2"}, %wt3: tensor<3x1xf32> {dataflow.role = "weight", dataflow.name = "wt3"}, %wt4: tensor<3x2x6x1xf32> {dataflow.role = "weight", dataflow.name = "wt4"}, %wt5: tensor<3x2x1x1xf32> {dataflow.role = "weight", dataflow.name = "wt5"}) -> (tensor<3x2x6x1xf32> {dataflow.name = "y"}) {
  %e4 = tensor.empty() : tensor<3x2x6x1xf32>
  %e6 = tensor.empty() : tensor<3x2x6x1xf32>
  %e9 = tensor.empty() : tensor<3x3x6x1xf32>
  %e11 = tensor.empty() : tensor<3x2x6x1xf32>
  %zero = arith.constant 0.0 : f32
  %low = arith.constant 0xFF800000 : f32
  %v1 = tensor.concat dim(3) %in0, %in1 : (tensor<3x2x6x1xf32>, tensor<3x2x6x2xf32>) -> tensor<3x2x6x3xf32>
  %v2 = tensor.insert_slice %in2 into %in0[0, 1, 0, 0] [2, 1, 1, 1] [2, 2, 1, 2] : tensor<2x1x1x1xf32> into tensor<3x2x6x1xf32>
  %v3 = linalg.generic {indexing_maps = [
      affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>,
      affine_map<(d0, d1, d2, d3) -> (d0, d3)>,
      affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>],
      iterator_types = ["parallel", "parallel", "parallel", "parallel"]}
    ins(%in0, %wt3 : tensor<3x2x6x1xf32>, tensor<3x1xf32>)
    outs(%e4 : tensor<3x2x6x1xf32>) {
  ^bb0(%q3_0: f32, %q3_1: f32, %q3_2: f32):
    %q3_3 = arith.mulf %q3_0, %q3_1 : f32
    linalg.yield %q3_3 : f32
  } -> tensor<3x2x6x1xf32>
  %v5 = linalg.generic {indexing_maps = [
      affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>,
      affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>,
      affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>],
      iterator_types = ["parallel", "parallel", "parallel", "parallel"]}
    ins(%v2, %wt4 : tensor<3x2x6x1xf32>, tensor<3x2x6x1xf32>)
    outs(%e6 : tensor<3x2x6x1xf32>) {
  ^bb0(%q5_0: f32, %q5_1: f32, %q5_2: f32):
    %q5_3 = arith.addf %q5_0, %q5_1 : f32
    linalg.yield %q5_3 : f32
  } -> tensor<3x2x6x1xf32>
  %i8 = linalg.generic {indexing_maps = [
      affine_map<(d0, d1, d2, d3) -> ()>,
      affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>],
      iterator_types = ["parallel", "parallel", "parallel", "parallel"]}
    ins(%zero : f32)
    outs(%e9 : tensor<3x3x6x1xf32>) {
  ^bb0(%i8a: f32, %i8b: f32):
    linalg.yield %i8a : f32
  } -> tensor<3x3x6x1xf32>
  %v7 = linalg.generic {indexing_maps = [
      affine_map<(d0, d1, d2, d3, d4, d5, d6) -> (d0, d4, d2 + d5, d3 + d6)>,
      affine_map<(d0, d1, d2, d3, d4, d5, d6) -> (d1, d4, d5, d6)>,
      affine_map<(d0, d1, d2, d3, d4, d5, d6) -> (d0, d1, d2, d3)>],
      iterator_types = ["parallel", "parallel", "parallel", "parallel", "reduction", "reduction", "reduction"]}
    ins(%v3, %wt5 : tensor<3x2x6x1xf32>, tensor<3x2x1x1xf32>)
    outs(%i8 : tensor<3x3x6x1xf32>) {
  ^bb0(%q7_0: f32, %q7_1: f32, %q7_2: f32):
    %q7_3 = arith.mulf %q7_0, %q7_1 : f32
    %q7_4 = arith.addf %q7_2, %q7_3 : f32
    linalg.yield %q7_4 : f32
  } -> tensor<3x3x6x1xf32>
  %v10 = linalg.generic {indexing_maps = [
      affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>,
      affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, 0)>,
      affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>],
      iterator_types = ["parallel", "parallel", "parallel", "parallel"]}
    ins(%v5, %v2 : tensor<3x2x6x1xf32>, tensor<3x2x6x1xf32>)
    outs(%e11 : tensor<3x2x6x1xf32>) {
  ^bb0(%q10_0: f32, %q10_1: f32, %q10_2: f32):
    %q10_3 = arith.subf %q10_0, %q10_1 : f32
    linalg.yield %q10_3 : f32
  } -> tensor<3x2x6x1xf32>
  func.return %v10 : tensor<3x2x6x1xf32>
}
