// An embedding of six indices.
func.func @main(%ids: tensor<2x3xi64> {dataflow.role = "input", dataflow.name = "ids"}, %table: tensor<11x4xf32> {dataflow.role = "weight", dataflow.name = "table"}) -> (tensor<2x3x4xf32> {dataflow.name = "y"}) {
  %e = tensor.empty() : tensor<2x3x4xf32>
  %y = linalg.generic {indexing_maps = [
      affine_map<(d0, d1, d2) -> (d0, d1)>,
      affine_map<(d0, d1, d2) -> (d0, d1, d2)>],
      iterator_types = ["parallel", "parallel", "parallel"]}
    ins(%ids : tensor<2x3xi64>)
    outs(%e : tensor<2x3x4xf32>) attrs = {source = #dataflow.source<"embed", "embedding", "model.py", 5>} {
  ^bb0(%a0: i64, %a1: f32):
    %a2 = arith.index_cast %a0 : i64 to index
    %a3 = linalg.index 2 : index
    %a4 = tensor.extract %table[%a2, %a3] : tensor<11x4xf32>
    linalg.yield %a4 : f32
  } -> tensor<2x3x4xf32>
  func.return %y : tensor<2x3x4xf32>
}
