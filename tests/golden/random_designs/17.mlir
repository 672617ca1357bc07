// A random program of tensor ops.
func.func @main(%in0: tensor<1x6x1x3xf32> {dataflow.role = "input", dataflow.name = "in0"}, %wt1: tensor<3x6x1x3xf32> {dataflow.role = "weight", dataflow.name = "wt1"}) -> (tensor<1x1x1x1xf32> {dataflow.name = "y"}, tensor<1x1x1x1xf32> {dataflow.name = "y1"}) {
  %e3 = tensor.empty() : tensor<1x3x1x1xf32>
  %e6 = tensor.empty() : tensor<f32>
  %e9 = tensor.empty() : tensor<1x1x1x1xf32>
  %zero = arith.constant 0.0 : f32
  %low = arith.constant 0xFF800000 : f32
  %i2 = linalg.generic {indexing_maps = [
      affine_map<(d0, d1, d2, d3) -> ()>,
      affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>],
      iterator_types = ["parallel", "parallel", "parallel", "parallel"]}
    ins(%zero : f32)
    outs(%e3 : tensor<1x3x1x1xf32>) {
  ^bb0(%i2a: f32, %i2b: f32):
    linalg.yield %i2a : f32
  } -> tensor<1x3x1x1xf32>
  %v1 = linalg.generic {indexing_maps = [
      affine_map<(d0, d1, d2, d3, d4, d5, d6) -> (d0, d4, d2 + d5, d3 + d6)>,
      affine_map<(d0, d1, d2, d3, d4, d5, d6) -> (d1, d4, d5, d6)>,
      affine_map<(d0, d1, d2, d3, d4, d5, d6) -> (d0, d1, d2, d3)>],
      iterator_types = ["parallel", "parallel", "parallel", "parallel", "reduction", "reduction", "reduction"]}
    ins(%in0, %wt1 : tensor<1x6x1x3xf32>, tensor<3x6x1x3xf32>)
    outs(%i2 : tensor<1x3x1x1xf32>) {
  ^bb0(%q1_0: f32, %q1_1: f32, %q1_2: f32):
    %q1_3 = arith.mulf %q1_0, %q1_1 : f32
    %q1_4 = arith.addf %q1_2, %q1_3 : f32
    linalg.yield %q1_4 : f32
  } -> tensor<1x3x1x1xf32>
  %i5 = linalg.generic {indexing_maps = [
      affine_map<() -> ()>,
      affine_map<() -> ()>],
      iterator_types = []}
    ins(%zero : f32)
    outs(%e6 : tensor<f32>) {
  ^bb0(%i5a: f32, %i5b: f32):
    linalg.yield %i5a : f32
  } -> tensor<f32>
  %v4 = linalg.generic {indexing_maps = [
      affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>,
      affine_map<(d0, d1, d2, d3) -> ()>],
      iterator_types = ["reduction", "reduction", "reduction", "reduction"]}
    ins(%in0 : tensor<1x6x1x3xf32>)
    outs(%i5 : tensor<f32>) {
  ^bb0(%q4_0: f32, %q4_1: f32):
    %q4_9 = arith.addf %q4_1, %q4_0 : f32
    linalg.yield %q4_9 : f32
  } -> tensor<f32>
  %i8 = linalg.generic {indexing_maps = [
      affine_map<(d0, d1, d2, d3) -> ()>,
      affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>],
      iterator_types = ["parallel", "parallel", "parallel", "parallel"]}
    ins(%low : f32)
    outs(%e9 : tensor<1x1x1x1xf32>) {
  ^bb0(%i8a: f32, %i8b: f32):
    linalg.yield %i8a : f32
  } -> tensor<1x1x1x1xf32>
  %v7 = linalg.generic {indexing_maps = [
      affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>,
      affine_map<(d0, d1, d2, d3) -> (0, 0, 0, d3)>],
      iterator_types = ["reduction", "reduction", "reduction", "parallel"]}
    ins(%v1 : tensor<1x3x1x1xf32>)
    outs(%i8 : tensor<1x1x1x1xf32>) {
  ^bb0(%q7_0: f32, %q7_1: f32):
    %q7_9 = arith.maximumf %q7_1, %q7_0 : f32
    linalg.yield %q7_9 : f32
  } -> tensor<1x1x1x1xf32>
  %v10 = tensor.extract_slice %in0[0, 4, 0, 1] [1, 1, 1, 1] [1, 1, 1, 1] : tensor<1x6x1x3xf32> to tensor<1x1x1x1xf32>
  func.return %v10, %v7 : tensor<1x1x1x1xf32>, tensor<1x1x1x1xf32>
}
