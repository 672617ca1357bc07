// RUN: dataflowc-opt -p split-pads %s | filecheck %s

func.func @main(%x: tensor<4xf32>) -> tensor<6xf32> {
  %zero = arith.constant 0.000000e+00 : f32
  %y = tensor.pad %x low[1] high[1] {
  ^bb0(%i: index):
    tensor.yield %zero : f32
  } : tensor<4xf32> to tensor<6xf32>
  func.return %y : tensor<6xf32>
}

// CHECK-NOT: tensor.extract_slice
// CHECK:     tensor.pad %x low[1] high[1]
