// RUN: dataflowc-opt -p 'build-tasks,build-nodes' %s | filecheck %s

// A weight larger than the memory of the device is sent again. All 3 rows share a pass, for 3 rows of sums on chip.

func.func @main(%x: tensor<3x4096xf32> {dataflow.role = "input", dataflow.name = "x"}, %w: tensor<4096x4096xf32> {dataflow.role = "weight", dataflow.name = "w"}) -> (tensor<3x4096xf32> {dataflow.name = "y"}) {
  %zero = arith.constant 0.0 : f32
  %e = tensor.empty() : tensor<3x4096xf32>
  %init = linalg.generic {indexing_maps = [
      affine_map<(d0, d1) -> ()>,
      affine_map<(d0, d1) -> (d0, d1)>],
      iterator_types = ["parallel", "parallel"]}
    ins(%zero : f32)
    outs(%e : tensor<3x4096xf32>) {
  ^bb0(%inita: f32, %initb: f32):
    linalg.yield %inita : f32
  } -> tensor<3x4096xf32>
  %y = linalg.generic {indexing_maps = [
      affine_map<(d0, d1, d2) -> (d0, d2)>,
      affine_map<(d0, d1, d2) -> (d1, d2)>,
      affine_map<(d0, d1, d2) -> (d0, d1)>],
      iterator_types = ["parallel", "parallel", "reduction"]}
    ins(%x, %w : tensor<3x4096xf32>, tensor<4096x4096xf32>)
    outs(%init : tensor<3x4096xf32>) {
  ^bb0(%m0: f32, %m1: f32, %m2: f32):
    %m3 = arith.mulf %m0, %m1 : f32
    %m4 = arith.addf %m2, %m3 : f32
    linalg.yield %m4 : f32
  } -> tensor<3x4096xf32>
  func.return %y : tensor<3x4096xf32>
}

// CHECK:      %x_in = dataflow.stream "x_in" <0:3, 1:4096> : !dataflow.stream<f32>
// CHECK:      %x_in_all = dataflow.buffer "x_in_all" stages 2 : memref<3x4096xf32> {reason = "the reader's order is not the writer's"}
// CHECK-NEXT: dataflow.node "x_in_collect" reads(%x_in : !dataflow.stream<f32>) writes(%x_in_all : memref<3x4096xf32>) {
// CHECK:        affine.for %f0 = 0 to 3 {
// CHECK-NEXT:     affine.for %f1 = 0 to 4096 {
// CHECK-NEXT:       %0 = dataflow.read %x : !dataflow.stream<f32> -> f32
// CHECK-NEXT:       affine.store %0, %y[%f0, %f1] : memref<3x4096xf32>
// CHECK:      %w_w = dataflow.stream "w_w" <1:4096, 0:4096> : !dataflow.stream<f32>
// CHECK:      %generic_out = dataflow.stream "generic_out" <0:3, 1:4096> : !dataflow.stream<f32>
// CHECK-NEXT: dataflow.node "generic" reads(%x_in_all, %w_w : memref<3x4096xf32>, !dataflow.stream<f32>) writes(%generic_out : !dataflow.stream<f32>) {
// CHECK:        %w_reg = dataflow.buffer "w_reg" stages 1 : memref<f32>
// CHECK-NEXT:   %acc = dataflow.buffer "acc" stages 1 : memref<4096x3xf32>
// CHECK-NEXT:   affine.for %i1 = 0 to 4096 {
// CHECK-NEXT:     affine.for %i0 = 0 to 3 {
// CHECK-NEXT:       %0 = arith.constant 0.000000e+00 : f32
// CHECK-NEXT:       affine.store %0, %acc[%i1, %i0] : memref<4096x3xf32>
// CHECK:        affine.for %k2 = 0 to 4096 {
// CHECK-NEXT:     affine.for %i1_1 = 0 to 4096 {
// CHECK-NEXT:       affine.for %i0_1 = 0 to 3 {
// CHECK-NEXT:         %1 = affine.load %x[%i0_1, %k2] : memref<3x4096xf32>
// CHECK-NEXT:         "affine.if"(%i0_1) <{condition = affine_set<(d0) : (d0 == 0)>}> ({
// CHECK-NEXT:           %2 = dataflow.read %w : !dataflow.stream<f32> -> f32
// CHECK-NEXT:           affine.store %2, %w_reg[] : memref<f32>
// CHECK:              %3 = affine.load %w_reg[] : memref<f32>
// CHECK-NEXT:         %4 = affine.load %acc[%i1_1, %i0_1] : memref<4096x3xf32>
// CHECK-NEXT:         %m3 = arith.mulf %1, %3 : f32
// CHECK-NEXT:         %m4 = arith.addf %4, %m3 : f32
// CHECK-NEXT:         affine.store %m4, %acc[%i1_1, %i0_1] : memref<4096x3xf32>
// CHECK:        affine.for %i0_2 = 0 to 3 {
// CHECK-NEXT:     affine.for %i1_2 = 0 to 4096 {
// CHECK-NEXT:       %5 = affine.load %acc[%i1_2, %i0_2] : memref<4096x3xf32>
// CHECK-NEXT:       dataflow.write %5 to %y : f32, !dataflow.stream<f32>
