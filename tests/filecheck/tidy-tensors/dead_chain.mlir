// RUN: dataflowc-opt -p 'tidy-tensors' %s | filecheck %s

// Ops that nobody reads go, and with them those that only they read.

func.func @main(%x: tensor<2x3xf32> {dataflow.role = "input", dataflow.name = "x"}) -> (tensor<2x3xf32> {dataflow.name = "y"}) {
  %e = tensor.empty() : tensor<2x3xf32>
  %y = linalg.generic {indexing_maps = [
      affine_map<(d0, d1) -> (d0, d1)>,
      affine_map<(d0, d1) -> (d0, d1)>],
      iterator_types = ["parallel", "parallel"]}
    ins(%x : tensor<2x3xf32>)
    outs(%e : tensor<2x3xf32>) {
  ^bb0(%a0: f32, %a1: f32):
    %a2 = math.exp %a0 : f32
    linalg.yield %a2 : f32
  } -> tensor<2x3xf32>
  %d1 = linalg.generic {indexing_maps = [
      affine_map<(d0, d1) -> (d0, d1)>,
      affine_map<(d0, d1) -> (d0, d1)>],
      iterator_types = ["parallel", "parallel"]}
    ins(%x : tensor<2x3xf32>)
    outs(%e : tensor<2x3xf32>) {
  ^bb0(%b0: f32, %b1: f32):
    %b2 = math.tanh %b0 : f32
    linalg.yield %b2 : f32
  } -> tensor<2x3xf32>
  %d2 = linalg.generic {indexing_maps = [
      affine_map<(d0, d1) -> (d0, d1)>,
      affine_map<(d0, d1) -> (d0, d1)>],
      iterator_types = ["parallel", "parallel"]}
    ins(%d1 : tensor<2x3xf32>)
    outs(%e : tensor<2x3xf32>) {
  ^bb0(%c0: f32, %c1: f32):
    %c2 = math.sqrt %c0 : f32
    linalg.yield %c2 : f32
  } -> tensor<2x3xf32>
  %k = arith.constant 2.0 : f32
  func.return %y : tensor<2x3xf32>
}

// CHECK:      func.func @main(%x: tensor<2x3xf32> {dataflow.role = "input", dataflow.name = "x"}) -> (tensor<2x3xf32> {dataflow.name = "y"}) {
// CHECK-NEXT:   %e = tensor.empty() : tensor<2x3xf32>
// CHECK:          %a2 = math.exp %a0 : f32
// CHECK-NEXT:     linalg.yield %a2 : f32
// CHECK-NOT: math.tanh
// CHECK-NOT: math.sqrt
// CHECK-NOT: 2.000000e+00
// CHECK:        func.return %y : tensor<2x3xf32>
