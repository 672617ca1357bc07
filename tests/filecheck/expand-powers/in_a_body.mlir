// RUN: dataflowc-opt -p 'expand-powers' %s | filecheck %s

// Inside the body of a tensor op, before the op that uses the product.

func.func @main(%x: tensor<2x3xf32> {dataflow.role = "input", dataflow.name = "x"}) -> (tensor<2x3xf32> {dataflow.name = "y"}) {
  %n = arith.constant 2 : i32
  %e = tensor.empty() : tensor<2x3xf32>
  %y = linalg.generic {indexing_maps = [
      affine_map<(d0, d1) -> (d0, d1)>,
      affine_map<(d0, d1) -> (d0, d1)>],
      iterator_types = ["parallel", "parallel"]}
    ins(%x : tensor<2x3xf32>)
    outs(%e : tensor<2x3xf32>) {
  ^bb0(%a0: f32, %a1: f32):
    %a2 = math.fpowi %a0, %n : f32, i32
    %a3 = arith.addf %a2, %a2 : f32
    linalg.yield %a3 : f32
  } -> tensor<2x3xf32>
  func.return %y : tensor<2x3xf32>
}

// CHECK:      ^bb0(%a0: f32, %a1: f32):
// CHECK-NEXT:   %a2 = arith.mulf %a0, %a0 : f32
// CHECK-NEXT:   %a3 = arith.addf %a2, %a2 : f32
// CHECK-NEXT:   linalg.yield %a3 : f32
