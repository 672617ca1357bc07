// A 3 x 3 convolution, then 2 x 2 maxima: rows travel, three of them are kept.
func.func @main(%x: tensor<1x2x6x6xf32> {dataflow.role = "input", dataflow.name = "x"}, %w: tensor<3x2x3x3xf32> {dataflow.role = "weight", dataflow.name = "w"}) -> (tensor<1x3x2x2xf32> {dataflow.name = "y"}) {
  %zero = arith.constant 0.0 : f32
  %low = arith.constant 0xFF800000 : f32
  %ec = tensor.empty() : tensor<1x3x4x4xf32>
  %init = linalg.generic {indexing_maps = [
      affine_map<(d0, d1, d2, d3) -> ()>,
      affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>],
      iterator_types = ["parallel", "parallel", "parallel", "parallel"]}
    ins(%zero : f32)
    outs(%ec : tensor<1x3x4x4xf32>) {
  ^bb0(%inita: f32, %initb: f32):
    linalg.yield %inita : f32
  } -> tensor<1x3x4x4xf32>
  %c = linalg.generic {indexing_maps = [
      affine_map<(d0, d1, d2, d3, d4, d5, d6) -> (d0, d4, d2 + d5, d3 + d6)>,
      affine_map<(d0, d1, d2, d3, d4, d5, d6) -> (d1, d4, d5, d6)>,
      affine_map<(d0, d1, d2, d3, d4, d5, d6) -> (d0, d1, d2, d3)>],
      iterator_types = ["parallel", "parallel", "parallel", "parallel", "reduction", "reduction", "reduction"]}
    ins(%x, %w : tensor<1x2x6x6xf32>, tensor<3x2x3x3xf32>)
    outs(%init : tensor<1x3x4x4xf32>) attrs = {source = #dataflow.source<"conv", "conv2d", "model.py", 20>} {
  ^bb0(%m0: f32, %m1: f32, %m2: f32):
    %m3 = arith.mulf %m0, %m1 : f32
    %m4 = arith.addf %m2, %m3 : f32
    linalg.yield %m4 : f32
  } -> tensor<1x3x4x4xf32>
  %ep = tensor.empty() : tensor<1x3x2x2xf32>
  %imax = linalg.generic {indexing_maps = [
      affine_map<(d0, d1, d2, d3) -> ()>,
      affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>],
      iterator_types = ["parallel", "parallel", "parallel", "parallel"]}
    ins(%low : f32)
    outs(%ep : tensor<1x3x2x2xf32>) {
  ^bb0(%imaxa: f32, %imaxb: f32):
    linalg.yield %imaxa : f32
  } -> tensor<1x3x2x2xf32>
  %win = tensor.empty() : tensor<2x2xf32>
  %y = linalg.generic {indexing_maps = [
      affine_map<(d0, d1, d2, d3, d4, d5) -> (d0, d1, d2 * 2 + d4, d3 * 2 + d5)>,
      affine_map<(d0, d1, d2, d3, d4, d5) -> (d4, d5)>,
      affine_map<(d0, d1, d2, d3, d4, d5) -> (d0, d1, d2, d3)>],
      iterator_types = ["parallel", "parallel", "parallel", "parallel", "reduction", "reduction"]}
    ins(%c, %win : tensor<1x3x4x4xf32>, tensor<2x2xf32>)
    outs(%imax : tensor<1x3x2x2xf32>) attrs = {source = #dataflow.source<"pool", "max_pool2d", "model.py", 21>} {
  ^bb0(%q0: f32, %q1: f32, %q2: f32):
    %q9 = arith.maximumf %q2, %q0 : f32
    linalg.yield %q9 : f32
  } -> tensor<1x3x2x2xf32>
  func.return %y : tensor<1x3x2x2xf32>
}
