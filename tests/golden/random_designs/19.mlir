// A random program of tensor ops.
func.func @main(%in0: tensor<3x3x3x2xf32> {dataflow.role = "input", dataflow.name = "in0"}, %in1: tensor<3x1x2x2xf32> {dataflow.role = "input", dataflow.name = "in1"}, %in2: tensor<3x3x3x3xf32> {dataflow.role = "input", dataflow.name = "in2"}, %wt3: tensor<3xf32> {dataflow.role = "weight", dataflow.name = "wt3"}) -> (tensor<1x2x3x1xf32> {dataflow.name = "y"}, tensor<3xf32> {dataflow.name = "y1"}) {
  %e2 = tensor.empty() : tensor<3x3x3x2xf32>
  %e6 = tensor.empty() : tensor<3xf32>
  %e9 = tensor.empty() : tensor<3xf32>
  %zero = arith.constant 0.0 : f32
  %low = arith.constant 0xFF800000 : f32
  %v1 = linalg.generic {indexing_maps = [
      affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>,
      affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>,
      affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>],
      iterator_types = ["parallel", "parallel", "parallel", "parallel"]}
    ins(%in0, %in0 : tensor<3x3x3x2xf32>, tensor<3x3x3x2xf32>)
    outs(%e2 : tensor<3x3x3x2xf32>) {
  ^bb0(%q1_0: f32, %q1_1: f32, %q1_2: f32):
    %q1_3 = arith.subf %q1_0, %q1_1 : f32
    linalg.yield %q1_3 : f32
  } -> tensor<3x3x3x2xf32>
  %v3 = tensor.insert_slice %in1 into %v1[0, 2, 0, 0] [3, 1, 2, 2] [1, 2, 1, 1] : tensor<3x1x2x2xf32> into tensor<3x3x3x2xf32>
  %i5 = linalg.generic {indexing_maps = [
      affine_map<(d0) -> ()>,
      affine_map<(d0) -> (d0)>],
      iterator_types = ["parallel"]}
    ins(%zero : f32)
    outs(%e6 : tensor<3xf32>) {
  ^bb0(%i5a: f32, %i5b: f32):
    linalg.yield %i5a : f32
  } -> tensor<3xf32>
  %v4 = linalg.generic {indexing_maps = [
      affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>,
      affine_map<(d0, d1, d2, d3) -> (d2)>],
      iterator_types = ["reduction", "reduction", "parallel", "reduction"]}
    ins(%in0 : tensor<3x3x3x2xf32>)
    outs(%i5 : tensor<3xf32>) {
  ^bb0(%q4_0: f32, %q4_1: f32):
    %q4_9 = arith.addf %q4_1, %q4_0 : f32
    linalg.yield %q4_9 : f32
  } -> tensor<3xf32>
  %v7 = tensor.concat dim(3) %in0, %in2 : (tensor<3x3x3x2xf32>, tensor<3x3x3x3xf32>) -> tensor<3x3x3x5xf32>
  %v8 = linalg.generic {indexing_maps = [
      affine_map<(d0) -> (d0)>,
      affine_map<(d0) -> (d0)>,
      affine_map<(d0) -> (d0)>],
      iterator_types = ["parallel"]}
    ins(%v4, %wt3 : tensor<3xf32>, tensor<3xf32>)
    outs(%e9 : tensor<3xf32>) {
  ^bb0(%q8_0: f32, %q8_1: f32, %q8_2: f32):
    %q8_3 = arith.addf %q8_0, %q8_1 : f32
    linalg.yield %q8_3 : f32
  } -> tensor<3xf32>
  %v10 = tensor.extract_slice %v7[1, 0, 0, 3] [1, 2, 3, 1] [1, 2, 1, 1] : tensor<3x3x3x5xf32> to tensor<1x2x3x1xf32>
  func.return %v10, %v8 : tensor<1x2x3x1xf32>, tensor<3xf32>
}
