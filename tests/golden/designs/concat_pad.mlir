// Two inputs, one behind the other, with a border of zeros.
func.func @main(%a: tensor<2x3xf32> {dataflow.role = "input", dataflow.name = "a"}, %b: tensor<1x3xf32> {dataflow.role = "input", dataflow.name = "b"}) -> (tensor<5x5xf32> {dataflow.name = "y"}) {
  %zero = arith.constant 0.0 : f32
  %c = tensor.concat dim(0) %a, %b : (tensor<2x3xf32>, tensor<1x3xf32>) -> tensor<3x3xf32>
  %y = "tensor.pad"(%c) <{static_low = array<i64: 1, 1>, static_high = array<i64: 1, 1>, operandSegmentSizes = array<i32: 1, 0, 0>}> ({
  ^bb0(%i: index, %j: index):
    "tensor.yield"(%zero) : (f32) -> ()
  }) : (tensor<3x3xf32>) -> tensor<5x5xf32>
  func.return %y : tensor<5x5xf32>
}
