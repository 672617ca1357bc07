// A random program of tensor ops.
func.func @main(%in0: tensor<1x3xf32> {dataflow.role = "input", dataflow.name = "in0"}, %in1: tensor<1x1xf32> {dataflow.role = "input", dataflow.name = "in1"}, %in2: tensor<1x5xf32> {dataflow.role = "input", dataflow.name = "in2"}) -> (tensor<1x5xf32> {dataflow.name = "y"}, tensor<1x1xf32> {dataflow.name = "y1"}) {
  %e4 = tensor.empty() : tensor<1x3xf32>
  %e10 = tensor.empty() : tensor<1x5xf32>
  %zero = arith.constant 0.0 : f32
  %low = arith.constant 0xFF800000 : f32
  %v1 = tensor.insert_slice %in0 into %in0[0, 0] [1, 3] [2, 1] : tensor<1x3xf32> into tensor<1x3xf32>
  %v2 = tensor.insert_slice %in1 into %in0[0, 0] [1, 1] [1, 1] : tensor<1x1xf32> into tensor<1x3xf32>
  %v3 = linalg.generic {indexing_maps = [
      affine_map<(d0, d1) -> (d0, d1)>,
      affine_map<(d0, d1) -> (d0, d1)>,
      affine_map<(d0, d1) -> (d0, d1)>],
      iterator_types = ["parallel", "parallel"]}
    ins(%in0, %v1 : tensor<1x3xf32>, tensor<1x3xf32>)
    outs(%e4 : tensor<1x3xf32>) {
  ^bb0(%q3_0: f32, %q3_1: f32, %q3_2: f32):
    %q3_3 = arith.mulf %q3_0, %q3_1 : f32
    linalg.yield %q3_3 : f32
  } -> tensor<1x3xf32>
  %v5 = tensor.collapse_shape %v1 [[0 : i64, 1 : i64]] : tensor<1x3xf32> into tensor<3xf32>
  %v6 = tensor.expand_shape %v5 [[0 : i64, 1 : i64]] output_shape [1, 3] : tensor<3xf32> into tensor<1x3xf32>
  %v7 = tensor.extract_slice %v1[0, 0] [1, 1] [1, 1] : tensor<1x3xf32> to tensor<1x1xf32>
  %i9 = linalg.generic {indexing_maps = [
      affine_map<(d0, d1) -> ()>,
      affine_map<(d0, d1) -> (d0, d1)>],
      iterator_types = ["parallel", "parallel"]}
    ins(%zero : f32)
    outs(%e10 : tensor<1x5xf32>) {
  ^bb0(%i9a: f32, %i9b: f32):
    linalg.yield %i9a : f32
  } -> tensor<1x5xf32>
  %v8 = linalg.generic {indexing_maps = [
      affine_map<(d0, d1, d2) -> (d0, d2)>,
      affine_map<(d0, d1, d2) -> (d2, d1)>,
      affine_map<(d0, d1, d2) -> (d0, d1)>],
      iterator_types = ["parallel", "parallel", "reduction"]}
    ins(%v7, %in2 : tensor<1x1xf32>, tensor<1x5xf32>)
    outs(%i9 : tensor<1x5xf32>) {
  ^bb0(%q8_0: f32, %q8_1: f32, %q8_2: f32):
    %q8_3 = arith.mulf %q8_0, %q8_1 : f32
    %q8_4 = arith.addf %q8_2, %q8_3 : f32
    linalg.yield %q8_4 : f32
  } -> tensor<1x5xf32>
  func.return %v8, %v7 : tensor<1x5xf32>, tensor<1x1xf32>
}
