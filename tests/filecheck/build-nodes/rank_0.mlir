// RUN: dataflowc-opt -p 'build-tasks,build-nodes' %s | filecheck %s

// A sum of everything is one token.

func.func @main(%x: tensor<2x3xf32> {dataflow.role = "input", dataflow.name = "x"}) -> (tensor<f32> {dataflow.name = "y"}) {
  %zero = arith.constant 0.0 : f32
  %e = tensor.empty() : tensor<f32>
  %init = linalg.generic {indexing_maps = [
      affine_map<() -> ()>,
      affine_map<() -> ()>],
      iterator_types = []}
    ins(%zero : f32)
    outs(%e : tensor<f32>) {
  ^bb0(%inita: f32, %initb: f32):
    linalg.yield %inita : f32
  } -> tensor<f32>
  %y = linalg.generic {indexing_maps = [
      affine_map<(d0, d1) -> (d0, d1)>,
      affine_map<(d0, d1) -> ()>],
      iterator_types = ["reduction", "reduction"]}
    ins(%x : tensor<2x3xf32>)
    outs(%init : tensor<f32>) {
  ^bb0(%a0: f32, %a1: f32):
    %a9 = arith.addf %a1, %a0 : f32
    linalg.yield %a9 : f32
  } -> tensor<f32>
  func.return %y : tensor<f32>
}

// CHECK:      %x_in = dataflow.stream "x_in" <0:2, 1:3> : !dataflow.stream<f32>
// CHECK:      %generic_out = dataflow.stream "generic_out" <> : !dataflow.stream<f32>
// CHECK-NEXT: dataflow.node "generic" reads(%x_in : !dataflow.stream<f32>) writes(%generic_out : !dataflow.stream<f32>) {
// CHECK:        %acc = dataflow.buffer "acc" stages 1 : memref<f32>
// CHECK-NEXT:   %0 = arith.constant 0.000000e+00 : f32
// CHECK-NEXT:   affine.store %0, %acc[] : memref<f32>
// CHECK-NEXT:   affine.for %k0 = 0 to 2 {
// CHECK-NEXT:     affine.for %k1 = 0 to 3 {
// CHECK-NEXT:       %1 = dataflow.read %x : !dataflow.stream<f32> -> f32
// CHECK-NEXT:       %2 = affine.load %acc[] : memref<f32>
// CHECK-NEXT:       %a9 = arith.addf %2, %1 : f32
// CHECK-NEXT:       affine.store %a9, %acc[] : memref<f32>
// CHECK:        %3 = affine.load %acc[] : memref<f32>
// CHECK-NEXT:   dataflow.write %3 to %y : f32, !dataflow.stream<f32>
