// A linear layer with bias and relu on two rows; the weight is used twice, so it stays on chip.
func.func @main(%x: tensor<2x6xf32> {dataflow.role = "input", dataflow.name = "x"}, %w: tensor<4x6xf32> {dataflow.role = "weight", dataflow.name = "w"}, %b: tensor<4xf32> {dataflow.role = "weight", dataflow.name = "b"}) -> (tensor<2x4xf32> {dataflow.name = "y"}) {
  %zero = arith.constant 0.0 : f32
  %et = tensor.empty() : tensor<6x4xf32>
  %wt = linalg.generic {indexing_maps = [
      affine_map<(d0, d1) -> (d1, d0)>,
      affine_map<(d0, d1) -> (d0, d1)>],
      iterator_types = ["parallel", "parallel"]}
    ins(%w : tensor<4x6xf32>)
    outs(%et : tensor<6x4xf32>) {
  ^bb0(%t0: f32, %t1: f32):
    linalg.yield %t0 : f32
  } -> tensor<6x4xf32>
  %e = tensor.empty() : tensor<2x4xf32>
  %init = linalg.generic {indexing_maps = [
      affine_map<(d0, d1) -> ()>,
      affine_map<(d0, d1) -> (d0, d1)>],
      iterator_types = ["parallel", "parallel"]}
    ins(%zero : f32)
    outs(%e : tensor<2x4xf32>) {
  ^bb0(%inita: f32, %initb: f32):
    linalg.yield %inita : f32
  } -> tensor<2x4xf32>
  %p = linalg.generic {indexing_maps = [
      affine_map<(d0, d1, d2) -> (d0, d2)>,
      affine_map<(d0, d1, d2) -> (d2, d1)>,
      affine_map<(d0, d1, d2) -> (d0, d1)>],
      iterator_types = ["parallel", "parallel", "reduction"]}
    ins(%x, %wt : tensor<2x6xf32>, tensor<6x4xf32>)
    outs(%init : tensor<2x4xf32>) attrs = {source = #dataflow.source<"fc", "linear", "model.py", 12>} {
  ^bb0(%m0: f32, %m1: f32, %m2: f32):
    %m3 = arith.mulf %m0, %m1 : f32
    %m4 = arith.addf %m2, %m3 : f32
    linalg.yield %m4 : f32
  } -> tensor<2x4xf32>
  %s = linalg.generic {indexing_maps = [
      affine_map<(d0, d1) -> (d0, d1)>,
      affine_map<(d0, d1) -> (d1)>,
      affine_map<(d0, d1) -> (d0, d1)>],
      iterator_types = ["parallel", "parallel"]}
    ins(%p, %b : tensor<2x4xf32>, tensor<4xf32>)
    outs(%e : tensor<2x4xf32>) attrs = {source = #dataflow.source<"fc", "linear", "model.py", 12>} {
  ^bb0(%a0: f32, %a1: f32, %a2: f32):
    %a3 = arith.addf %a0, %a1 : f32
    linalg.yield %a3 : f32
  } -> tensor<2x4xf32>
  %y = linalg.generic {indexing_maps = [
      affine_map<(d0, d1) -> (d0, d1)>,
      affine_map<(d0, d1) -> (d0, d1)>],
      iterator_types = ["parallel", "parallel"]}
    ins(%s : tensor<2x4xf32>)
    outs(%e : tensor<2x4xf32>) attrs = {source = #dataflow.source<"act", "relu", "model.py", 13>} {
  ^bb0(%r0: f32, %r1: f32):
    %r2 = arith.cmpf ugt, %r0, %zero : f32
    %r3 = arith.select %r2, %r0, %zero : f32
    linalg.yield %r3 : f32
  } -> tensor<2x4xf32>
  func.return %y : tensor<2x4xf32>
}
