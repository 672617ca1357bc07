// RUN: dataflowc-opt -p 'build-tasks,build-nodes' %s | filecheck %s

// Two operands in different orders: the walk follows the first; the other is collected in a buffer with two copies, so that
// the next call can be collected meanwhile.

func.func @main(%x: tensor<3x2xf32> {dataflow.role = "input", dataflow.name = "x"}, %z: tensor<2x3xf32> {dataflow.role = "input", dataflow.name = "z"}) -> (tensor<3x2xf32> {dataflow.name = "y"}) {
  %f = tensor.empty() : tensor<3x2xf32>
  %t = linalg.generic {indexing_maps = [
      affine_map<(d0, d1) -> (d1, d0)>,
      affine_map<(d0, d1) -> (d0, d1)>],
      iterator_types = ["parallel", "parallel"]}
    ins(%z : tensor<2x3xf32>)
    outs(%f : tensor<3x2xf32>) {
  ^bb0(%t0: f32, %t1: f32):
    linalg.yield %t0 : f32
  } -> tensor<3x2xf32>
  %y = linalg.generic {indexing_maps = [
      affine_map<(d0, d1) -> (d0, d1)>,
      affine_map<(d0, d1) -> (d0, d1)>,
      affine_map<(d0, d1) -> (d0, d1)>],
      iterator_types = ["parallel", "parallel"]}
    ins(%x, %t : tensor<3x2xf32>, tensor<3x2xf32>)
    outs(%f : tensor<3x2xf32>) {
  ^bb0(%b0: f32, %b1: f32, %b2: f32):
    %b3 = arith.addf %b0, %b1 : f32
    linalg.yield %b3 : f32
  } -> tensor<3x2xf32>
  func.return %y : tensor<3x2xf32>
}

// CHECK:      %x_in = dataflow.stream "x_in" <0:3, 1:2> : !dataflow.stream<f32>
// CHECK:      %z_in = dataflow.stream "z_in" <0:2, 1:3> : !dataflow.stream<f32>
// CHECK:      %z_in_all = dataflow.buffer "z_in_all" stages 2 : memref<2x3xf32> {reason = "the reader's order is not the writer's"}
// CHECK-NEXT: dataflow.node "z_in_collect" reads(%z_in : !dataflow.stream<f32>) writes(%z_in_all : memref<2x3xf32>) {
// CHECK:        affine.for %f0 = 0 to 2 {
// CHECK-NEXT:     affine.for %f1 = 0 to 3 {
// CHECK-NEXT:       %0 = dataflow.read %x : !dataflow.stream<f32> -> f32
// CHECK-NEXT:       affine.store %0, %y[%f0, %f1] : memref<2x3xf32>
// CHECK:      %generic_out = dataflow.stream "generic_out" <0:3, 1:2> : !dataflow.stream<f32>
// CHECK-NEXT: dataflow.node "generic" reads(%x_in, %z_in_all : !dataflow.stream<f32>, memref<2x3xf32>) writes(%generic_out : !dataflow.stream<f32>) {
// CHECK:        affine.for %i0 = 0 to 3 {
// CHECK-NEXT:     affine.for %i1 = 0 to 2 {
// CHECK-NEXT:       %0 = dataflow.read %x : !dataflow.stream<f32> -> f32
// CHECK-NEXT:       %1 = affine.load %x_1[%i1, %i0] : memref<2x3xf32>
// CHECK-NEXT:       %b3 = arith.addf %0, %1 : f32
// CHECK-NEXT:       dataflow.write %b3 to %y : f32, !dataflow.stream<f32>
