// A random program of tensor ops.
func.func @main(%in0: tensor<3x6xf32> {dataflow.role = "input", dataflow.name = "in0"}, %in1: tensor<6x2xf32> {dataflow.role = "input", dataflow.name = "in1"}, %wt2: tensor<3x6xf32> {dataflow.role = "weight", dataflow.name = "wt2"}) -> (tensor<3x6xf32> {dataflow.name = "y"}) {
  %e3 = tensor.empty() : tensor<6xf32>
  %e8 = tensor.empty() : tensor<3x2xf32>
  %e11 = tensor.empty() : tensor<3x3xf32>
  %e13 = tensor.empty() : tensor<6xf32>
  %e15 = tensor.empty() : tensor<3x6xf32>
  %zero = arith.constant 0.0 : f32
  %low = arith.constant 0xFF800000 : f32
  %i2 = linalg.generic {indexing_maps = [
      affine_map<(d0) -> ()>,
      affine_map<(d0) -> (d0)>],
      iterator_types = ["parallel"]}
    ins(%low : f32)
    outs(%e3 : tensor<6xf32>) {
  ^bb0(%i2a: f32, %i2b: f32):
    linalg.yield %i2a : f32
  } -> tensor<6xf32>
  %v1 = linalg.generic {indexing_maps = [
      affine_map<(d0, d1) -> (d0, d1)>,
      affine_map<(d0, d1) -> (d1)>],
      iterator_types = ["reduction", "parallel"]}
    ins(%in0 : tensor<3x6xf32>)
    outs(%i2 : tensor<6xf32>) {
  ^bb0(%q1_0: f32, %q1_1: f32):
    %q1_9 = arith.maximumf %q1_1, %q1_0 : f32
    linalg.yield %q1_9 : f32
  } -> tensor<6xf32>
  %v4 = tensor.collapse_shape %in0 [[0 : i64, 1 : i64]] : tensor<3x6xf32> into tensor<18xf32>
  %v5 = tensor.expand_shape %v4 [[0 : i64, 1 : i64]] output_shape [3, 6] : tensor<18xf32> into tensor<3x6xf32>
  %i7 = linalg.generic {indexing_maps = [
      affine_map<(d0, d1) -> ()>,
      affine_map<(d0, d1) -> (d0, d1)>],
      iterator_types = ["parallel", "parallel"]}
    ins(%zero : f32)
    outs(%e8 : tensor<3x2xf32>) {
  ^bb0(%i7a: f32, %i7b: f32):
    linalg.yield %i7a : f32
  } -> tensor<3x2xf32>
  %v6 = linalg.generic {indexing_maps = [
      affine_map<(d0, d1, d2) -> (d0, d2)>,
      affine_map<(d0, d1, d2) -> (d2, d1)>,
      affine_map<(d0, d1, d2) -> (d0, d1)>],
      iterator_types = ["parallel", "parallel", "reduction"]}
    ins(%in0, %in1 : tensor<3x6xf32>, tensor<6x2xf32>)
    outs(%i7 : tensor<3x2xf32>) {
  ^bb0(%q6_0: f32, %q6_1: f32, %q6_2: f32):
    %q6_3 = arith.mulf %q6_0, %q6_1 : f32
    %q6_4 = arith.addf %q6_2, %q6_3 : f32
    linalg.yield %q6_4 : f32
  } -> tensor<3x2xf32>
  %i10 = linalg.generic {indexing_maps = [
      affine_map<(d0, d1) -> ()>,
      affine_map<(d0, d1) -> (d0, d1)>],
      iterator_types = ["parallel", "parallel"]}
    ins(%zero : f32)
    outs(%e11 : tensor<3x3xf32>) {
  ^bb0(%i10a: f32, %i10b: f32):
    linalg.yield %i10a : f32
  } -> tensor<3x3xf32>
  %v9 = linalg.generic {indexing_maps = [
      affine_map<(d0, d1, d2) -> (d0, d2)>,
      affine_map<(d0, d1, d2) -> (d1, d2)>,
      affine_map<(d0, d1, d2) -> (d0, d1)>],
      iterator_types = ["parallel", "parallel", "reduction"]}
    ins(%v5, %wt2 : tensor<3x6xf32>, tensor<3x6xf32>)
    outs(%i10 : tensor<3x3xf32>) {
  ^bb0(%q9_0: f32, %q9_1: f32, %q9_2: f32):
    %q9_3 = arith.mulf %q9_0, %q9_1 : f32
    %q9_4 = arith.addf %q9_2, %q9_3 : f32
    linalg.yield %q9_4 : f32
  } -> tensor<3x3xf32>
  %v12 = linalg.generic {indexing_maps = [
      affine_map<(d0) -> (d0)>,
      affine_map<(d0) -> (d0)>,
      affine_map<(d0) -> (d0)>],
      iterator_types = ["parallel"]}
    ins(%v1, %v1 : tensor<6xf32>, tensor<6xf32>)
    outs(%e13 : tensor<6xf32>) {
  ^bb0(%q12_0: f32, %q12_1: f32, %q12_2: f32):
    %q12_3 = arith.subf %q12_0, %q12_1 : f32
    linalg.yield %q12_3 : f32
  } -> tensor<6xf32>
  %v14 = linalg.generic {indexing_maps = [
      affine_map<(d0, d1) -> (d0, d1)>,
      affine_map<(d0, d1) -> (d0, d1)>],
      iterator_types = ["parallel", "parallel"]}
    ins(%v5 : tensor<3x6xf32>)
    outs(%e15 : tensor<3x6xf32>) {
  ^bb0(%q14_0: f32, %q14_1: f32):
    %q14_2 = math.tanh %q14_0 : f32
    linalg.yield %q14_2 : f32
  } -> tensor<3x6xf32>
  func.return %v14 : tensor<3x6xf32>
}
