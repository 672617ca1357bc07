// A random program of tensor ops.
func.func @main(%in0: tensor<2x4xf32> {dataflow.role = "input", dataflow.name = "in0"}, %in1: tensor<1x2xf32> {dataflow.role = "input", dataflow.name = "in1"}, %wt2: tensor<2x4xf32> {dataflow.role = "weight", dataflow.name = "wt2"}) -> (tensor<2x2xf32> {dataflow.name = "y"}) {
  %e4 = tensor.empty() : tensor<f32>
  %e7 = tensor.empty() : tensor<2x2xf32>
  %e11 = tensor.empty() : tensor<2x2xf32>
  %zero = arith.constant 0.0 : f32
  %low = arith.constant 0xFF800000 : f32
  %v1 = tensor.insert_slice %in1 into %in0[1, 0] [1, 2] [2, 2] : tensor<1x2xf32> into tensor<2x4xf32>
  %i3 = linalg.generic {indexing_maps = [
      affine_map<() -> ()>,
      affine_map<() -> ()>],
      iterator_types = []}
    ins(%low : f32)
    outs(%e4 : tensor<f32>) {
  ^bb0(%i3a: f32, %i3b: f32):
    linalg.yield %i3a : f32
  } -> tensor<f32>
  %v2 = linalg.generic {indexing_maps = [
      affine_map<(d0, d1) -> (d0, d1)>,
      affine_map<(d0, d1) -> ()>],
      iterator_types = ["reduction", "reduction"]}
    ins(%in0 : tensor<2x4xf32>)
    outs(%i3 : tensor<f32>) {
  ^bb0(%q2_0: f32, %q2_1: f32):
    %q2_9 = arith.maximumf %q2_1, %q2_0 : f32
    linalg.yield %q2_9 : f32
  } -> tensor<f32>
  %i6 = linalg.generic {indexing_maps = [
      affine_map<(d0, d1) -> ()>,
      affine_map<(d0, d1) -> (d0, d1)>],
      iterator_types = ["parallel", "parallel"]}
    ins(%zero : f32)
    outs(%e7 : tensor<2x2xf32>) {
  ^bb0(%i6a: f32, %i6b: f32):
    linalg.yield %i6a : f32
  } -> tensor<2x2xf32>
  %v5 = linalg.generic {indexing_maps = [
      affine_map<(d0, d1, d2) -> (d0, d2)>,
      affine_map<(d0, d1, d2) -> (d1, d2)>,
      affine_map<(d0, d1, d2) -> (d0, d1)>],
      iterator_types = ["parallel", "parallel", "reduction"]}
    ins(%in0, %wt2 : tensor<2x4xf32>, tensor<2x4xf32>)
    outs(%i6 : tensor<2x2xf32>) {
  ^bb0(%q5_0: f32, %q5_1: f32, %q5_2: f32):
    %q5_3 = arith.mulf %q5_0, %q5_1 : f32
    %q5_4 = arith.addf %q5_2, %q5_3 : f32
    linalg.yield %q5_4 : f32
  } -> tensor<2x2xf32>
  %v8 = tensor.concat dim(1) %in0, %v5 : (tensor<2x4xf32>, tensor<2x2xf32>) -> tensor<2x6xf32>
  %v9 = tensor.insert_slice %v5 into %v5[0, 0] [2, 2] [1, 1] : tensor<2x2xf32> into tensor<2x2xf32>
  %v10 = linalg.generic {indexing_maps = [
      affine_map<(d0, d1) -> (d0, d1)>,
      affine_map<(d0, d1) -> (d0, d1)>,
      affine_map<(d0, d1) -> (d0, d1)>],
      iterator_types = ["parallel", "parallel"]}
    ins(%v5, %v5 : tensor<2x2xf32>, tensor<2x2xf32>)
    outs(%e11 : tensor<2x2xf32>) {
  ^bb0(%q10_0: f32, %q10_1: f32, %q10_2: f32):
    %q10_3 = arith.mulf %q10_0, %q10_1 : f32
    linalg.yield %q10_3 : f32
  } -> tensor<2x2xf32>
  func.return %v10 : tensor<2x2xf32>
}
