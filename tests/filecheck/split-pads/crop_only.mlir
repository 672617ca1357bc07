// RUN: dataflowc-opt -p split-pads %s | filecheck %s

// Nothing is added: the slice is all that remains.

func.func @main(%x: tensor<4x4xf32>) -> tensor<2x3xf32> {
  %zero = arith.constant 0.000000e+00 : f32
  %y = tensor.pad %x low[-1, 0] high[-1, -1] {
  ^bb0(%i: index, %j: index):
    tensor.yield %zero : f32
  } : tensor<4x4xf32> to tensor<2x3xf32>
  func.return %y : tensor<2x3xf32>
}

// CHECK-NOT:  tensor.pad
// CHECK:      %y = tensor.extract_slice %x[1, 0] [2, 3] [1, 1] : tensor<4x4xf32> to tensor<2x3xf32>
// CHECK-NEXT: func.return %y : tensor<2x3xf32>
