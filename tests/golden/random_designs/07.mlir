// A random program of tensor ops.
func.func @main(%in0: tensor<4x4xf32> {dataflow.role = "input", dataflow.name = "in0"}, %in1: tensor<3x1xf32> {dataflow.role = "input", dataflow.name = "in1"}, %wt2: tensor<3x4xf32> {dataflow.role = "weight", dataflow.name = "wt2"}, %wt3: tensor<5x4xf32> {dataflow.role = "weight", dataflow.name = "wt3"}) -> (tensor<4x3xf32> {dataflow.name = "y"}, tensor<4x4xf32> {dataflow.name = "y1"}) {
  %e4 = tensor.empty() : tensor<4x3xf32>
  %e7 = tensor.empty() : tensor<4x5xf32>
  %e9 = tensor.empty() : tensor<4x4xf32>
  %e11 = tensor.empty() : tensor<4x3xf32>
  %zero = arith.constant 0.0 : f32
  %low = arith.constant 0xFF800000 : f32
  %v1 = tensor.insert_slice %in1 into %in0[1, 2] [3, 1] [1, 2] : tensor<3x1xf32> into tensor<4x4xf32>
  %i3 = linalg.generic {indexing_maps = [
      affine_map<(d0, d1) -> ()>,
      affine_map<(d0, d1) -> (d0, d1)>],
      iterator_types = ["parallel", "parallel"]}
    ins(%zero : f32)
    outs(%e4 : tensor<4x3xf32>) {
  ^bb0(%i3a: f32, %i3b: f32):
    linalg.yield %i3a : f32
  } -> tensor<4x3xf32>
  %v2 = linalg.generic {indexing_maps = [
      affine_map<(d0, d1, d2) -> (d0, d2)>,
      affine_map<(d0, d1, d2) -> (d1, d2)>,
      affine_map<(d0, d1, d2) -> (d0, d1)>],
      iterator_types = ["parallel", "parallel", "reduction"]}
    ins(%in0, %wt2 : tensor<4x4xf32>, tensor<3x4xf32>)
    outs(%i3 : tensor<4x3xf32>) {
  ^bb0(%q2_0: f32, %q2_1: f32, %q2_2: f32):
    %q2_3 = arith.mulf %q2_0, %q2_1 : f32
    %q2_4 = arith.addf %q2_2, %q2_3 : f32
    linalg.yield %q2_4 : f32
  } -> tensor<4x3xf32>
  %i6 = linalg.generic {indexing_maps = [
      affine_map<(d0, d1) -> ()>,
      affine_map<(d0, d1) -> (d0, d1)>],
      iterator_types = ["parallel", "parallel"]}
    ins(%zero : f32)
    outs(%e7 : tensor<4x5xf32>) {
  ^bb0(%i6a: f32, %i6b: f32):
    linalg.yield %i6a : f32
  } -> tensor<4x5xf32>
  %v5 = linalg.generic {indexing_maps = [
      affine_map<(d0, d1, d2) -> (d0, d2)>,
      affine_map<(d0, d1, d2) -> (d1, d2)>,
      affine_map<(d0, d1, d2) -> (d0, d1)>],
      iterator_types = ["parallel", "parallel", "reduction"]}
    ins(%in0, %wt3 : tensor<4x4xf32>, tensor<5x4xf32>)
    outs(%i6 : tensor<4x5xf32>) {
  ^bb0(%q5_0: f32, %q5_1: f32, %q5_2: f32):
    %q5_3 = arith.mulf %q5_0, %q5_1 : f32
    %q5_4 = arith.addf %q5_2, %q5_3 : f32
    linalg.yield %q5_4 : f32
  } -> tensor<4x5xf32>
  %v8 = linalg.generic {indexing_maps = [
      affine_map<(d0, d1) -> (d0, d1)>,
      affine_map<(d0, d1) -> (d0, d1)>,
      affine_map<(d0, d1) -> (d0, d1)>],
      iterator_types = ["parallel", "parallel"]}
    ins(%in0, %in0 : tensor<4x4xf32>, tensor<4x4xf32>)
    outs(%e9 : tensor<4x4xf32>) {
  ^bb0(%q8_0: f32, %q8_1: f32, %q8_2: f32):
    %q8_3 = arith.subf %q8_0, %q8_1 : f32
    linalg.yield %q8_3 : f32
  } -> tensor<4x4xf32>
  %v10 = linalg.generic {indexing_maps = [
      affine_map<(d0, d1) -> (d0, d1)>,
      affine_map<(d0, d1) -> (d0, d1)>],
      iterator_types = ["parallel", "parallel"]}
    ins(%v2 : tensor<4x3xf32>)
    outs(%e11 : tensor<4x3xf32>) {
  ^bb0(%q10_0: f32, %q10_1: f32):
    %q10_2 = math.tanh %q10_0 : f32
    linalg.yield %q10_2 : f32
  } -> tensor<4x3xf32>
  func.return %v10, %v8 : tensor<4x3xf32>, tensor<4x4xf32>
}
