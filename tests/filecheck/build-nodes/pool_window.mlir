// RUN: dataflowc-opt -p 'build-tasks,build-nodes' %s | filecheck %s

// Windows that overlap: the last 3 rows are kept.

func.func @main(%x: tensor<1x2x5x5xf32> {dataflow.role = "input", dataflow.name = "x"}) -> (tensor<1x2x3x3xf32> {dataflow.name = "y"}) {
  %low = arith.constant 0xFF800000 : f32
  %e = tensor.empty() : tensor<1x2x3x3xf32>
  %init = linalg.generic {indexing_maps = [
      affine_map<(d0, d1, d2, d3) -> ()>,
      affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>],
      iterator_types = ["parallel", "parallel", "parallel", "parallel"]}
    ins(%low : f32)
    outs(%e : tensor<1x2x3x3xf32>) {
  ^bb0(%inita: f32, %initb: f32):
    linalg.yield %inita : f32
  } -> tensor<1x2x3x3xf32>
  %win = tensor.empty() : tensor<3x3xf32>
  %y = linalg.generic {indexing_maps = [
      affine_map<(d0, d1, d2, d3, d4, d5) -> (d0, d1, d2 + d4, d3 + d5)>,
      affine_map<(d0, d1, d2, d3, d4, d5) -> (d4, d5)>,
      affine_map<(d0, d1, d2, d3, d4, d5) -> (d0, d1, d2, d3)>],
      iterator_types = ["parallel", "parallel", "parallel", "parallel", "reduction", "reduction"]}
    ins(%x, %win : tensor<1x2x5x5xf32>, tensor<3x3xf32>)
    outs(%init : tensor<1x2x3x3xf32>) {
  ^bb0(%m0: f32, %m1: f32, %m2: f32):
    %m9 = arith.maximumf %m2, %m0 : f32
    linalg.yield %m9 : f32
  } -> tensor<1x2x3x3xf32>
  func.return %y : tensor<1x2x3x3xf32>
}

// CHECK:      %x_in = dataflow.stream "x_in" <0:1, 2:5, 1:2, 3:5> : !dataflow.stream<f32>
// CHECK:      %generic_out = dataflow.stream "generic_out" <2:3, 1:2, 3:3> : !dataflow.stream<f32>
// CHECK-NEXT: dataflow.node "generic" reads(%x_in : !dataflow.stream<f32>) writes(%generic_out : !dataflow.stream<f32>) {
// CHECK:        %x_buf = dataflow.buffer "x_buf" stages 1 : memref<2x4x5xf32>
// CHECK-NEXT:   %acc = dataflow.buffer "acc" stages 1 : memref<2x3xf32>
// CHECK-NEXT:   affine.for %row = 0 to 5 {
// CHECK-NEXT:     affine.for %f0 = 0 to 2 {
// CHECK-NEXT:       affine.for %f1 = 0 to 5 {
// CHECK-NEXT:         %0 = dataflow.read %x : !dataflow.stream<f32> -> f32
// CHECK-NEXT:         affine.store %0, %x_buf[%f0, %row mod 4, %f1] : memref<2x4x5xf32>
// CHECK:          "affine.if"(%row) <{condition = affine_set<(d0) : ((d0 + -2) >= 0)>}> ({
// CHECK-NEXT:       affine.for %i1 = 0 to 2 {
// CHECK-NEXT:         affine.for %i3 = 0 to 3 {
// CHECK-NEXT:           %1 = arith.constant 0xff800000 : f32
// CHECK-NEXT:           affine.store %1, %acc[%i1, %i3] : memref<2x3xf32>
// CHECK:            affine.for %k4 = 0 to 3 {
// CHECK-NEXT:         affine.for %k5 = 0 to 3 {
// CHECK-NEXT:           affine.for %i1_1 = 0 to 2 {
// CHECK-NEXT:             affine.for %i3_1 = 0 to 3 {
// CHECK-NEXT:               %2 = affine.load %x_buf[%i1_1, (%row + %k4 + 2) mod 4, %i3_1 + %k5] : memref<2x4x5xf32>
// CHECK-NEXT:               %3 = affine.load %acc[%i1_1, %i3_1] : memref<2x3xf32>
// CHECK-NEXT:               %m9 = arith.maximumf %3, %2 : f32
// CHECK-NEXT:               affine.store %m9, %acc[%i1_1, %i3_1] : memref<2x3xf32>
// CHECK:            affine.for %i1_2 = 0 to 2 {
// CHECK-NEXT:         affine.for %i3_2 = 0 to 3 {
// CHECK-NEXT:           %4 = affine.load %acc[%i1_2, %i3_2] : memref<2x3xf32>
// CHECK-NEXT:           dataflow.write %4 to %y : f32, !dataflow.stream<f32>
