// RUN: dataflowc-opt -p 'build-tasks,build-nodes' %s | filecheck %s

// Several rows share a weight that fits on chip: it is loaded once and kept, and so is one row of x.

func.func @main(%x: tensor<4x6xf32> {dataflow.role = "input", dataflow.name = "x"}, %w: tensor<5x6xf32> {dataflow.role = "weight", dataflow.name = "w"}) -> (tensor<4x5xf32> {dataflow.name = "y"}) {
  %zero = arith.constant 0.0 : f32
  %e = tensor.empty() : tensor<4x5xf32>
  %init = linalg.generic {indexing_maps = [
      affine_map<(d0, d1) -> ()>,
      affine_map<(d0, d1) -> (d0, d1)>],
      iterator_types = ["parallel", "parallel"]}
    ins(%zero : f32)
    outs(%e : tensor<4x5xf32>) {
  ^bb0(%inita: f32, %initb: f32):
    linalg.yield %inita : f32
  } -> tensor<4x5xf32>
  %y = linalg.generic {indexing_maps = [
      affine_map<(d0, d1, d2) -> (d0, d2)>,
      affine_map<(d0, d1, d2) -> (d1, d2)>,
      affine_map<(d0, d1, d2) -> (d0, d1)>],
      iterator_types = ["parallel", "parallel", "reduction"]}
    ins(%x, %w : tensor<4x6xf32>, tensor<5x6xf32>)
    outs(%init : tensor<4x5xf32>) {
  ^bb0(%m0: f32, %m1: f32, %m2: f32):
    %m3 = arith.mulf %m0, %m1 : f32
    %m4 = arith.addf %m2, %m3 : f32
    linalg.yield %m4 : f32
  } -> tensor<4x5xf32>
  func.return %y : tensor<4x5xf32>
}

// CHECK:      %x_in = dataflow.stream "x_in" <0:4, 1:6> : !dataflow.stream<f32>
// CHECK:      %w_w = dataflow.stream "w_w" <0:5, 1:6> : !dataflow.stream<f32>
// CHECK:      %generic_out = dataflow.stream "generic_out" <0:4, 1:5> : !dataflow.stream<f32>
// CHECK-NEXT: dataflow.node "generic" reads(%x_in, %w_w : !dataflow.stream<f32>, !dataflow.stream<f32>) writes(%generic_out : !dataflow.stream<f32>) {
// CHECK:        %x_reg = dataflow.buffer "x_reg" stages 1 : memref<f32>
// CHECK-NEXT:   %w_buf = dataflow.buffer "w_buf" stages 1 : memref<5x6xf32>
// CHECK-NEXT:   %acc = dataflow.buffer "acc" stages 1 : memref<5xf32>
// CHECK-NEXT:   affine.for %f0 = 0 to 5 {
// CHECK-NEXT:     affine.for %f1 = 0 to 6 {
// CHECK-NEXT:       %0 = dataflow.read %w : !dataflow.stream<f32> -> f32
// CHECK-NEXT:       affine.store %0, %w_buf[%f0, %f1] : memref<5x6xf32>
// CHECK:        affine.for %i0 = 0 to 4 {
// CHECK-NEXT:     affine.for %i1 = 0 to 5 {
// CHECK-NEXT:       %1 = arith.constant 0.000000e+00 : f32
// CHECK-NEXT:       affine.store %1, %acc[%i1] : memref<5xf32>
// CHECK:          affine.for %k2 = 0 to 6 {
// CHECK-NEXT:       affine.for %i1_1 = 0 to 5 {
// CHECK-NEXT:         "affine.if"(%i1_1) <{condition = affine_set<(d0) : (d0 == 0)>}> ({
// CHECK-NEXT:           %2 = dataflow.read %x : !dataflow.stream<f32> -> f32
// CHECK-NEXT:           affine.store %2, %x_reg[] : memref<f32>
// CHECK:              %3 = affine.load %x_reg[] : memref<f32>
// CHECK-NEXT:         %4 = affine.load %w_buf[%i1_1, %k2] : memref<5x6xf32>
// CHECK-NEXT:         %5 = affine.load %acc[%i1_1] : memref<5xf32>
// CHECK-NEXT:         %m3 = arith.mulf %3, %4 : f32
// CHECK-NEXT:         %m4 = arith.addf %5, %m3 : f32
// CHECK-NEXT:         affine.store %m4, %acc[%i1_1] : memref<5xf32>
// CHECK:          affine.for %i1_2 = 0 to 5 {
// CHECK-NEXT:       %6 = affine.load %acc[%i1_2] : memref<5xf32>
// CHECK-NEXT:       dataflow.write %6 to %y : f32, !dataflow.stream<f32>
