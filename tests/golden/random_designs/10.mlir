// A random program of tensor ops.
func.func @main(%in0: tensor<2x4x2x4xf32> {dataflow.role = "input", dataflow.name = "in0"}, %wt1: tensor<1x4x2x1xf32> {dataflow.role = "weight", dataflow.name = "wt1"}, %wt2: tensor<2x4x2x4xf32> {dataflow.role = "weight", dataflow.name = "wt2"}, %wt3: tensor<2x4x2x4xf32> {dataflow.role = "weight", dataflow.name = "wt3"}) -> (tensor<2x4x2x4xf32> {dataflow.name = "y"}, tensor<2x5x2x6xf32> {dataflow.name = "y1"}) {
  %e2 = tensor.empty() : tensor<2x4x2x4xf32>
  %e5 = tensor.empty() : tensor<2x1x1x4xf32>
  %e7 = tensor.empty() : tensor<2x4x2x4xf32>
  %e10 = tensor.empty() : tensor<2x4x2x4xf32>
  %zero = arith.constant 0.0 : f32
  %low = arith.constant 0xFF800000 : f32
  %v1 = linalg.generic {indexing_maps = [
      affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>,
      affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>,
      affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>],
      iterator_types = ["parallel", "parallel", "parallel", "parallel"]}
    ins(%in0, %in0 : tensor<2x4x2x4xf32>, tensor<2x4x2x4xf32>)
    outs(%e2 : tensor<2x4x2x4xf32>) {
  ^bb0(%q1_0: f32, %q1_1: f32, %q1_2: f32):
    %q1_3 = arith.subf %q1_0, %q1_1 : f32
    linalg.yield %q1_3 : f32
  } -> tensor<2x4x2x4xf32>
  %i4 = linalg.generic {indexing_maps = [
      affine_map<(d0, d1, d2, d3) -> ()>,
      affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>],
      iterator_types = ["parallel", "parallel", "parallel", "parallel"]}
    ins(%zero : f32)
    outs(%e5 : tensor<2x1x1x4xf32>) {
  ^bb0(%i4a: f32, %i4b: f32):
    linalg.yield %i4a : f32
  } -> tensor<2x1x1x4xf32>
  %v3 = linalg.generic {indexing_maps = [
      affine_map<(d0, d1, d2, d3, d4, d5, d6) -> (d0, d4, d2 + d5, d3 + d6)>,
      affine_map<(d0, d1, d2, d3, d4, d5, d6) -> (d1, d4, d5, d6)>,
      affine_map<(d0, d1, d2, d3, d4, d5, d6) -> (d0, d1, d2, d3)>],
      iterator_types = ["parallel", "parallel", "parallel", "parallel", "reduction", "reduction", "reduction"]}
    ins(%in0, %wt1 : tensor<2x4x2x4xf32>, tensor<1x4x2x1xf32>)
    outs(%i4 : tensor<2x1x1x4xf32>) {
  ^bb0(%q3_0: f32, %q3_1: f32, %q3_2: f32):
    %q3_3 = arith.mulf %q3_0, %q3_1 : f32
    %q3_4 = arith.addf %q3_2, %q3_3 : f32
    linalg.yield %q3_4 : f32
  } -> tensor<2x1x1x4xf32>
  %v6 = linalg.generic {indexing_maps = [
      affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>,
      affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>,
      affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>],
      iterator_types = ["parallel", "parallel", "parallel", "parallel"]}
    ins(%v1, %wt2 : tensor<2x4x2x4xf32>, tensor<2x4x2x4xf32>)
    outs(%e7 : tensor<2x4x2x4xf32>) {
  ^bb0(%q6_0: f32, %q6_1: f32, %q6_2: f32):
    %q6_3 = arith.addf %q6_0, %q6_1 : f32
    linalg.yield %q6_3 : f32
  } -> tensor<2x4x2x4xf32>
  %v8 = "tensor.pad"(%v6) <{static_low = array<i64: 0, 1, 0, 1>, static_high = array<i64: 0, 0, 0, 1>, operandSegmentSizes = array<i32: 1, 0, 0>}> ({
  ^bb0(%q8_0: index, %q8_1: index, %q8_2: index, %q8_3: index):
    "tensor.yield"(%zero) : (f32) -> ()
  }) : (tensor<2x4x2x4xf32>) -> tensor<2x5x2x6xf32>
  %v9 = linalg.generic {indexing_maps = [
      affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>,
      affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>,
      affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>],
      iterator_types = ["parallel", "parallel", "parallel", "parallel"]}
    ins(%in0, %wt3 : tensor<2x4x2x4xf32>, tensor<2x4x2x4xf32>)
    outs(%e10 : tensor<2x4x2x4xf32>) {
  ^bb0(%q9_0: f32, %q9_1: f32, %q9_2: f32):
    %q9_3 = arith.addf %q9_0, %q9_1 : f32
    linalg.yield %q9_3 : f32
  } -> tensor<2x4x2x4xf32>
  func.return %v9, %v8 : tensor<2x4x2x4xf32>, tensor<2x5x2x6xf32>
}
