// RUN: dataflowc-opt -p 'tidy-tensors' %s | filecheck %s

// The maximum is read, its index is not: the second result, its accumulator and its ops go.

func.func @main(%x: tensor<5x3xf32> {dataflow.role = "input", dataflow.name = "x"}) -> (tensor<5xf32> {dataflow.name = "y"}) {
  %low = arith.constant 0xFF800000 : f32
  %zero = arith.constant 0 : i64
  %ef = tensor.empty() : tensor<5xf32>
  %ei = tensor.empty() : tensor<5xi64>
  %im = linalg.generic {indexing_maps = [
      affine_map<(d0) -> ()>,
      affine_map<(d0) -> (d0)>],
      iterator_types = ["parallel"]}
    ins(%low : f32)
    outs(%ef : tensor<5xf32>) {
  ^bb0(%ima: f32, %imb: f32):
    linalg.yield %ima : f32
  } -> tensor<5xf32>
  %ii = linalg.generic {indexing_maps = [
      affine_map<(d0) -> ()>,
      affine_map<(d0) -> (d0)>],
      iterator_types = ["parallel"]}
    ins(%zero : i64)
    outs(%ei : tensor<5xi64>) {
  ^bb0(%iia: i64, %iib: i64):
    linalg.yield %iia : i64
  } -> tensor<5xi64>
  %v, %k = linalg.generic {indexing_maps = [
      affine_map<(d0, d1) -> (d0, d1)>,
      affine_map<(d0, d1) -> (d0)>,
      affine_map<(d0, d1) -> (d0)>],
      iterator_types = ["parallel", "reduction"]}
    ins(%x : tensor<5x3xf32>)
    outs(%im, %ii : tensor<5xf32>, tensor<5xi64>) {
  ^bb0(%a0: f32, %a1: f32, %a2: i64):
    %a3 = linalg.index 1 : index
    %a4 = arith.index_cast %a3 : index to i64
    %a5 = arith.maximumf %a0, %a1 : f32
    %a6 = arith.cmpf ogt, %a0, %a1 : f32
    %a7 = arith.select %a6, %a4, %a2 : i64
    linalg.yield %a5, %a7 : f32, i64
  } -> tensor<5xf32>, tensor<5xi64>
  func.return %v : tensor<5xf32>
}

// CHECK:      func.func @main(%x: tensor<5x3xf32> {dataflow.role = "input", dataflow.name = "x"}) -> (tensor<5xf32> {dataflow.name = "y"}) {
// CHECK-NEXT:   %low = arith.constant 0xff800000 : f32
// CHECK-NEXT:   %ef = tensor.empty() : tensor<5xf32>
// CHECK-NEXT:   %im = linalg.generic {indexing_maps = [affine_map<(d0) -> ()>, affine_map<(d0) -> (d0)>], iterator_types = ["parallel"]} ins(%low : f32) outs(%ef : tensor<5xf32>) {
// CHECK-NEXT:   ^bb0(%ima: f32, %imb: f32):
// CHECK-NEXT:     linalg.yield %ima : f32
// CHECK:        %v = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d0)>], iterator_types = ["parallel", "reduction"]} ins(%x : tensor<5x3xf32>) outs(%im : tensor<5xf32>) {
// CHECK-NEXT:   ^bb0(%a0: f32, %a1: f32):
// CHECK-NEXT:     %a5 = arith.maximumf %a0, %a1 : f32
// CHECK-NEXT:     linalg.yield %a5 : f32
// CHECK-NOT: tensor<5xi64>
// CHECK:        func.return %v : tensor<5xf32>
