// A random program of tensor ops.
func.func @main(%in0: tensor<3x3x4xf32> {dataflow.role = "input", dataflow.name = "in0"}, %in1: tensor<3x3x4xf32> {dataflow.role = "input", dataflow.name = "in1"}, %in2: tensor<4x3xf32> {dataflow.role = "input", dataflow.name = "in2"}) -> (tensor<3x3x4xf32> {dataflow.name = "y"}) {
  %e2 = tensor.empty() : tensor<3x3x4xf32>
  %e5 = tensor.empty() : tensor<f32>
  %e8 = tensor.empty() : tensor<3x3x4xf32>
  %e11 = tensor.empty() : tensor<3x3x4xf32>
  %zero = arith.constant 0.0 : f32
  %low = arith.constant 0xFF800000 : f32
  %v1 = linalg.generic {indexing_maps = [
      affine_map<(d0, d1, d2) -> (d0, d1, d2)>,
      affine_map<(d0, d1, d2) -> (d0, d1, d2)>,
      affine_map<(d0, d1, d2) -> (d0, d1, d2)>],
      iterator_types = ["parallel", "parallel", "parallel"]}
    ins(%in0, %in1 : tensor<3x3x4xf32>, tensor<3x3x4xf32>)
    outs(%e2 : tensor<3x3x4xf32>) {
  ^bb0(%q1_0: f32, %q1_1: f32, %q1_2: f32):
    %q1_3 = arith.addf %q1_0, %q1_1 : f32
    linalg.yield %q1_3 : f32
  } -> tensor<3x3x4xf32>
  %i4 = linalg.generic {indexing_maps = [
      affine_map<() -> ()>,
      affine_map<() -> ()>],
      iterator_types = []}
    ins(%low : f32)
    outs(%e5 : tensor<f32>) {
  ^bb0(%i4a: f32, %i4b: f32):
    linalg.yield %i4a : f32
  } -> tensor<f32>
  %v3 = linalg.generic {indexing_maps = [
      affine_map<(d0, d1, d2) -> (d0, d1, d2)>,
      affine_map<(d0, d1, d2) -> ()>],
      iterator_types = ["reduction", "reduction", "reduction"]}
    ins(%v1 : tensor<3x3x4xf32>)
    outs(%i4 : tensor<f32>) {
  ^bb0(%q3_0: f32, %q3_1: f32):
    %q3_9 = arith.maximumf %q3_1, %q3_0 : f32
    linalg.yield %q3_9 : f32
  } -> tensor<f32>
  %v6 = "tensor.pad"(%v1) <{static_low = array<i64: 0, 0, 0>, static_high = array<i64: 0, 1, 0>, operandSegmentSizes = array<i32: 1, 0, 0>}> ({
  ^bb0(%q6_0: index, %q6_1: index, %q6_2: index):
    "tensor.yield"(%zero) : (f32) -> ()
  }) : (tensor<3x3x4xf32>) -> tensor<3x4x4xf32>
  %v7 = linalg.generic {indexing_maps = [
      affine_map<(d0, d1, d2) -> (d0, d1, d2)>,
      affine_map<(d0, d1, d2) -> (d2, d0)>,
      affine_map<(d0, d1, d2) -> (d0, d1, d2)>],
      iterator_types = ["parallel", "parallel", "parallel"]}
    ins(%in0, %in2 : tensor<3x3x4xf32>, tensor<4x3xf32>)
    outs(%e8 : tensor<3x3x4xf32>) {
  ^bb0(%q7_0: f32, %q7_1: f32, %q7_2: f32):
    %q7_3 = arith.mulf %q7_0, %q7_1 : f32
    linalg.yield %q7_3 : f32
  } -> tensor<3x3x4xf32>
  %v9 = tensor.extract_slice %in0[0, 2, 0] [3, 1, 1] [1, 1, 2] : tensor<3x3x4xf32> to tensor<3x1x1xf32>
  %v10 = linalg.generic {indexing_maps = [
      affine_map<(d0, d1, d2) -> (d0, d1, d2)>,
      affine_map<(d0, d1, d2) -> (d0, d1, d2)>],
      iterator_types = ["parallel", "parallel", "parallel"]}
    ins(%v7 : tensor<3x3x4xf32>)
    outs(%e11 : tensor<3x3x4xf32>) {
  ^bb0(%q10_0: f32, %q10_1: f32):
    %q10_2 = math.tanh %q10_0 : f32
    linalg.yield %q10_2 : f32
  } -> tensor<3x3x4xf32>
  func.return %v10 : tensor<3x3x4xf32>
}
