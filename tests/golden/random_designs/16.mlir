// A random program of tensor ops.
func.func @main(%in0: tensor<4x4xf32> {dataflow.role = "input", dataflow.name = "in0"}, %wt1: tensor<4xf32> {dataflow.role = "weight", dataflow.name = "wt1"}, %in2: tensor<4x6xf32> {dataflow.role = "input", dataflow.name = "in2"}) -> (tensor<6x4xf32> {dataflow.name = "y"}, tensor<6x4xf32> {dataflow.name = "y1"}) {
  %e3 = tensor.empty() : tensor<4x4xf32>
  %e5 = tensor.empty() : tensor<4x4xf32>
  %e9 = tensor.empty() : tensor<6x4xf32>
  %zero = arith.constant 0.0 : f32
  %low = arith.constant 0xFF800000 : f32
  %v2 = linalg.generic {indexing_maps = [
      affine_map<(d0, d1) -> (d0, d1)>,
      affine_map<(d0, d1) -> (d0, d1)>],
      iterator_types = ["parallel", "parallel"]}
    ins(%in0 : tensor<4x4xf32>)
    outs(%e3 : tensor<4x4xf32>) {
  ^bb0(%q2_0: f32, %q2_1: f32):
    %q2_2 = math.tanh %q2_0 : f32
    linalg.yield %q2_2 : f32
  } -> tensor<4x4xf32>
  %v4 = linalg.generic {indexing_maps = [
      affine_map<(d0, d1) -> (d0, d1)>,
      affine_map<(d0, d1) -> (d1)>,
      affine_map<(d0, d1) -> (d0, d1)>],
      iterator_types = ["parallel", "parallel"]}
    ins(%in0, %wt1 : tensor<4x4xf32>, tensor<4xf32>)
    outs(%e5 : tensor<4x4xf32>) {
  ^bb0(%q4_0: f32, %q4_1: f32, %q4_2: f32):
    %q4_3 = arith.mulf %q4_0, %q4_1 : f32
    linalg.yield %q4_3 : f32
  } -> tensor<4x4xf32>
  %v7 = "tensor.pad"(%in0) <{static_low = array<i64: 1, 0>, static_high = array<i64: 1, 0>, operandSegmentSizes = array<i32: 1, 0, 0>}> ({
  ^bb0(%q7_0: index, %q7_1: index):
    "tensor.yield"(%zero) : (f32) -> ()
  }) : (tensor<4x4xf32>) -> tensor<6x4xf32>
  %v8 = linalg.generic {indexing_maps = [
      affine_map<(d0, d1) -> (d0, d1)>,
      affine_map<(d0, d1) -> (d1, d0)>,
      affine_map<(d0, d1) -> (d0, d1)>],
      iterator_types = ["parallel", "parallel"]}
    ins(%v7, %in2 : tensor<6x4xf32>, tensor<4x6xf32>)
    outs(%e9 : tensor<6x4xf32>) {
  ^bb0(%q8_0: f32, %q8_1: f32, %q8_2: f32):
    %q8_3 = arith.mulf %q8_0, %q8_1 : f32
    linalg.yield %q8_3 : f32
  } -> tensor<6x4xf32>
  func.return %v8, %v7 : tensor<6x4xf32>, tensor<6x4xf32>
}
