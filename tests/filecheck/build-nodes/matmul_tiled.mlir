// RUN: dataflowc-opt -p 'build-tasks,build-nodes' %s | filecheck %s

// So many rows that their sums do not fit either: groups of rows share a pass over the weight.

func.func @main(%x: tensor<4096x2048xf32> {dataflow.role = "input", dataflow.name = "x"}, %w: tensor<2048x2048xf32> {dataflow.role = "weight", dataflow.name = "w"}) -> (tensor<4096x2048xf32> {dataflow.name = "y"}) {
  %zero = arith.constant 0.0 : f32
  %e = tensor.empty() : tensor<4096x2048xf32>
  %init = linalg.generic {indexing_maps = [
      affine_map<(d0, d1) -> ()>,
      affine_map<(d0, d1) -> (d0, d1)>],
      iterator_types = ["parallel", "parallel"]}
    ins(%zero : f32)
    outs(%e : tensor<4096x2048xf32>) {
  ^bb0(%inita: f32, %initb: f32):
    linalg.yield %inita : f32
  } -> tensor<4096x2048xf32>
  %y = linalg.generic {indexing_maps = [
      affine_map<(d0, d1, d2) -> (d0, d2)>,
      affine_map<(d0, d1, d2) -> (d1, d2)>,
      affine_map<(d0, d1, d2) -> (d0, d1)>],
      iterator_types = ["parallel", "parallel", "reduction"]}
    ins(%x, %w : tensor<4096x2048xf32>, tensor<2048x2048xf32>)
    outs(%init : tensor<4096x2048xf32>) {
  ^bb0(%m0: f32, %m1: f32, %m2: f32):
    %m3 = arith.mulf %m0, %m1 : f32
    %m4 = arith.addf %m2, %m3 : f32
    linalg.yield %m4 : f32
  } -> tensor<4096x2048xf32>
  func.return %y : tensor<4096x2048xf32>
}

// CHECK:      %x_in = dataflow.stream "x_in" <0:4096, 1:2048> : !dataflow.stream<f32>
// CHECK:      %w_w = dataflow.stream "w_w" <1:2048, 0:2048> : !dataflow.stream<f32>
// CHECK:      %generic_out = dataflow.stream "generic_out" <0:4096, 1:2048> : !dataflow.stream<f32>
// CHECK-NEXT: dataflow.node "generic" reads(%x_in, %w_w : !dataflow.stream<f32>, !dataflow.stream<f32>) writes(%generic_out : !dataflow.stream<f32>) {
// CHECK:        %x_buf = dataflow.buffer "x_buf" stages 1 : memref<{{[0-9]+}}x2048xf32>
// CHECK-NEXT:   %w_reg = dataflow.buffer "w_reg" stages 1 : memref<f32>
// CHECK-NEXT:   %acc = dataflow.buffer "acc" stages 1 : memref<2048x{{[0-9]+}}xf32>
// CHECK-NEXT:   affine.for %i0 = 0 to {{[0-9]+}} {
// CHECK-NEXT:     affine.for %f0 = 0 to {{[0-9]+}} {
// CHECK-NEXT:       affine.for %f1 = 0 to 2048 {
// CHECK-NEXT:         %0 = dataflow.read %x : !dataflow.stream<f32> -> f32
// CHECK-NEXT:         affine.store %0, %x_buf[%f0, %f1] : memref<{{[0-9]+}}x2048xf32>
// CHECK:          affine.for %i2 = 0 to 2048 {
// CHECK-NEXT:       affine.for %i1 = 0 to {{[0-9]+}} {
// CHECK-NEXT:         %1 = arith.constant 0.000000e+00 : f32
// CHECK-NEXT:         affine.store %1, %acc[%i2, %i1] : memref<2048x{{[0-9]+}}xf32>
// CHECK:          affine.for %k3 = 0 to 2048 {
// CHECK-NEXT:       affine.for %i2_1 = 0 to 2048 {
// CHECK-NEXT:         affine.for %i1_1 = 0 to {{[0-9]+}} {
// CHECK-NEXT:           %2 = affine.load %x_buf[%i1_1, %k3] : memref<{{[0-9]+}}x2048xf32>
// CHECK-NEXT:           "affine.if"(%i1_1) <{condition = affine_set<(d0) : (d0 == 0)>}> ({
// CHECK-NEXT:             %3 = dataflow.read %w : !dataflow.stream<f32> -> f32
// CHECK-NEXT:             affine.store %3, %w_reg[] : memref<f32>
// CHECK:                %4 = affine.load %w_reg[] : memref<f32>
// CHECK-NEXT:           %5 = affine.load %acc[%i2_1, %i1_1] : memref<2048x{{[0-9]+}}xf32>
// CHECK-NEXT:           %m3 = arith.mulf %2, %4 : f32
// CHECK-NEXT:           %m4 = arith.addf %5, %m3 : f32
// CHECK-NEXT:           affine.store %m4, %acc[%i2_1, %i1_1] : memref<2048x{{[0-9]+}}xf32>
// CHECK:          affine.for %i1_2 = 0 to {{[0-9]+}} {
// CHECK-NEXT:       affine.for %i2_2 = 0 to 2048 {
// CHECK-NEXT:         %6 = affine.load %acc[%i2_2, %i1_2] : memref<2048x{{[0-9]+}}xf32>
// CHECK-NEXT:         dataflow.write %6 to %y : f32, !dataflow.stream<f32>
