// RUN: dataflowc-opt -p 'build-tasks,build-nodes' %s | filecheck %s

// The table is seen transposed: element (i, j) of the view is element (j, i) of the weight.

func.func @main(%t: tensor<4x16xf32> {dataflow.role = "weight", dataflow.name = "t"}, %i: tensor<5xi64> {dataflow.role = "input", dataflow.name = "i"}) -> (tensor<5x4xf32> {dataflow.name = "y"}) {
  %e = tensor.empty() : tensor<16x4xf32>
  %v = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d1, d0)>, affine_map<(d0, d1) -> (d0, d1)>], iterator_types = ["parallel", "parallel"]} ins(%t : tensor<4x16xf32>) outs(%e : tensor<16x4xf32>) {
  ^bb0(%a: f32, %b: f32):
    linalg.yield %a : f32
  } -> tensor<16x4xf32>
  %f = tensor.empty() : tensor<5x4xf32>
  %y = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d0)>, affine_map<(d0, d1) -> (d0, d1)>], iterator_types = ["parallel", "parallel"]} ins(%i : tensor<5xi64>) outs(%f : tensor<5x4xf32>) {
  ^bb0(%a: i64, %b: f32):
    %c = arith.index_cast %a : i64 to index
    %d = linalg.index 1 : index
    %r = tensor.extract %v[%c, %d] : tensor<16x4xf32>
    linalg.yield %r : f32
  } -> tensor<5x4xf32>
  func.return %y : tensor<5x4xf32>
}

// CHECK: memref.load
