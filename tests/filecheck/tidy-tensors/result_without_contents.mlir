// RUN: not dataflowc-opt -p 'tidy-tensors' %s | filecheck %s

// What was never written cannot be returned, also not reshaped.

func.func @main(%x: tensor<4xf32> {dataflow.role = "input", dataflow.name = "x"}) -> (tensor<4xf32> {dataflow.name = "y"}, tensor<2x2xf32> {dataflow.name = "z"}) {
  %e = tensor.empty() : tensor<4xf32>
  %z = tensor.expand_shape %e [[0, 1]] output_shape [2, 2] : tensor<4xf32> into tensor<2x2xf32>
  func.return %x, %z : tensor<4xf32>, tensor<2x2xf32>
}

// CHECK: error[DF217]: the model returns a tensor that was never written
// CHECK: note: result 1 is a tensor.empty
// CHECK: help: torch.empty has no contents
