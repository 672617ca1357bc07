// RUN: dataflowc-opt -p 'lift-affine' %s | filecheck %s

// A function on tensors is not a kernel and stays.

func.func @main(%x: tensor<4xf32>) -> tensor<4xf32> {
  func.return %x : tensor<4xf32>
}

// CHECK:      func.func @main(%x: tensor<4xf32>) -> tensor<4xf32> {
// CHECK-NEXT:   func.return %x : tensor<4xf32>
