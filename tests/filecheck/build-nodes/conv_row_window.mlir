// RUN: dataflowc-opt -p 'build-tasks,build-nodes' %s | filecheck %s

// A convolution takes its input row by row and keeps the last 3 rows; row r gives output row r - 2.

func.func @main(%x: tensor<1x2x6x5xf32> {dataflow.role = "input", dataflow.name = "x"}, %w: tensor<4x2x3x3xf32> {dataflow.role = "weight", dataflow.name = "w"}) -> (tensor<1x4x4x3xf32> {dataflow.name = "y"}) {
  %zero = arith.constant 0.0 : f32
  %e = tensor.empty() : tensor<1x4x4x3xf32>
  %init = linalg.generic {indexing_maps = [
      affine_map<(d0, d1, d2, d3) -> ()>,
      affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>],
      iterator_types = ["parallel", "parallel", "parallel", "parallel"]}
    ins(%zero : f32)
    outs(%e : tensor<1x4x4x3xf32>) {
  ^bb0(%inita: f32, %initb: f32):
    linalg.yield %inita : f32
  } -> tensor<1x4x4x3xf32>
  %y = linalg.generic {indexing_maps = [
      affine_map<(d0, d1, d2, d3, d4, d5, d6) -> (d0, d4, d2 + d5, d3 + d6)>,
      affine_map<(d0, d1, d2, d3, d4, d5, d6) -> (d1, d4, d5, d6)>,
      affine_map<(d0, d1, d2, d3, d4, d5, d6) -> (d0, d1, d2, d3)>],
      iterator_types = ["parallel", "parallel", "parallel", "parallel", "reduction", "reduction", "reduction"]}
    ins(%x, %w : tensor<1x2x6x5xf32>, tensor<4x2x3x3xf32>)
    outs(%init : tensor<1x4x4x3xf32>) {
  ^bb0(%m0: f32, %m1: f32, %m2: f32):
    %m3 = arith.mulf %m0, %m1 : f32
    %m4 = arith.addf %m2, %m3 : f32
    linalg.yield %m4 : f32
  } -> tensor<1x4x4x3xf32>
  func.return %y : tensor<1x4x4x3xf32>
}

// CHECK:      %x_in = dataflow.stream "x_in" <0:1, 2:6, 1:2, 3:5> : !dataflow.stream<f32>
// CHECK:      %w_w = dataflow.stream "w_w" <0:4, 1:2, 2:3, 3:3> : !dataflow.stream<f32>
// CHECK:      %generic_out = dataflow.stream "generic_out" <2:4, 3:3, 1:4> : !dataflow.stream<f32>
// CHECK-NEXT: dataflow.node "generic" reads(%x_in, %w_w : !dataflow.stream<f32>, !dataflow.stream<f32>) writes(%generic_out : !dataflow.stream<f32>) {
// CHECK:        %x_buf = dataflow.buffer "x_buf" stages 1 : memref<2x4x5xf32>
// CHECK-NEXT:   %w_buf = dataflow.buffer "w_buf" stages 1 : memref<4x2x3x3xf32>
// CHECK-NEXT:   %acc = dataflow.buffer "acc" stages 1 : memref<4x3xf32>
// CHECK-NEXT:   affine.for %f0 = 0 to 4 {
// CHECK-NEXT:     affine.for %f1 = 0 to 2 {
// CHECK-NEXT:       affine.for %f2 = 0 to 3 {
// CHECK-NEXT:         affine.for %f3 = 0 to 3 {
// CHECK-NEXT:           %0 = dataflow.read %w : !dataflow.stream<f32> -> f32
// CHECK-NEXT:           affine.store %0, %w_buf[%f0, %f1, %f2, %f3] : memref<4x2x3x3xf32>
// CHECK:        affine.for %row = 0 to 6 {
// CHECK-NEXT:     affine.for %f0_1 = 0 to 2 {
// CHECK-NEXT:       affine.for %f1_1 = 0 to 5 {
// CHECK-NEXT:         %1 = dataflow.read %x : !dataflow.stream<f32> -> f32
// CHECK-NEXT:         affine.store %1, %x_buf[%f0_1, %row mod 4, %f1_1] : memref<2x4x5xf32>
// CHECK:          "affine.if"(%row) <{condition = affine_set<(d0) : ((d0 + -2) >= 0)>}> ({
// CHECK-NEXT:       affine.for %i1 = 0 to 4 {
// CHECK-NEXT:         affine.for %i3 = 0 to 3 {
// CHECK-NEXT:           %2 = arith.constant 0.000000e+00 : f32
// CHECK-NEXT:           affine.store %2, %acc[%i1, %i3] : memref<4x3xf32>
// CHECK:            affine.for %k5 = 0 to 3 {
// CHECK-NEXT:         affine.for %k4 = 0 to 2 {
// CHECK-NEXT:           affine.for %k6 = 0 to 3 {
// CHECK-NEXT:             affine.for %i1_1 = 0 to 4 {
// CHECK-NEXT:               affine.for %i3_1 = 0 to 3 {
// CHECK-NEXT:                 %3 = affine.load %x_buf[%k4, (%row + %k5 + 2) mod 4, %i3_1 + %k6] : memref<2x4x5xf32>
// CHECK-NEXT:                 %4 = affine.load %w_buf[%i1_1, %k4, %k5, %k6] : memref<4x2x3x3xf32>
// CHECK-NEXT:                 %5 = affine.load %acc[%i1_1, %i3_1] : memref<4x3xf32>
// CHECK-NEXT:                 %m3 = arith.mulf %3, %4 : f32
// CHECK-NEXT:                 %m4 = arith.addf %5, %m3 : f32
// CHECK-NEXT:                 affine.store %m4, %acc[%i1_1, %i3_1] : memref<4x3xf32>
// CHECK:            affine.for %i3_2 = 0 to 3 {
// CHECK-NEXT:         affine.for %i1_2 = 0 to 4 {
// CHECK-NEXT:           %6 = affine.load %acc[%i1_2, %i3_2] : memref<4x3xf32>
// CHECK-NEXT:           dataflow.write %6 to %y : f32, !dataflow.stream<f32>
