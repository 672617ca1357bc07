// RUN: dataflowc-opt -p split-pads %s | filecheck %s

// Rows are cropped at the front, columns padded at both ends: a slice, then a pad with what is left.

func.func @main(%x: tensor<4x4xf32>) -> tensor<3x7xf32> {
  %zero = arith.constant 0.000000e+00 : f32
  %y = tensor.pad %x low[-1, 2] high[0, 1] {
  ^bb0(%i: index, %j: index):
    tensor.yield %zero : f32
  } : tensor<4x4xf32> to tensor<3x7xf32>
  func.return %y : tensor<3x7xf32>
}

// CHECK:      %[[CUT:\d+]] = tensor.extract_slice %x[1, 0] [3, 4] [1, 1] : tensor<4x4xf32> to tensor<3x4xf32>
// CHECK-NEXT: %y = tensor.pad %[[CUT]] low[0, 2] high[0, 1]
// CHECK:      : tensor<3x4xf32> to tensor<3x7xf32>
