// RUN: dataflowc-opt -p 'build-tasks,build-nodes' %s | filecheck %s

// A reshape whose extents do not divide each other: the index needs a division, and the tensor is collected.

func.func @main(%x: tensor<2x6xf32> {dataflow.role = "input", dataflow.name = "x"}) -> (tensor<3x4xf32> {dataflow.name = "y"}) {
  %e = tensor.empty() : tensor<2x6xf32>
  %a = linalg.generic {indexing_maps = [
      affine_map<(d0, d1) -> (d0, d1)>,
      affine_map<(d0, d1) -> (d0, d1)>],
      iterator_types = ["parallel", "parallel"]}
    ins(%x : tensor<2x6xf32>)
    outs(%e : tensor<2x6xf32>) {
  ^bb0(%a0: f32, %a1: f32):
    %a2 = math.exp %a0 : f32
    linalg.yield %a2 : f32
  } -> tensor<2x6xf32>
  %r = tensor.collapse_shape %a [[0 : i64, 1 : i64]] : tensor<2x6xf32> into tensor<12xf32>
  %s = tensor.expand_shape %r [[0 : i64, 1 : i64]] output_shape [3, 4] : tensor<12xf32> into tensor<3x4xf32>
  %f = tensor.empty() : tensor<3x4xf32>
  %y = linalg.generic {indexing_maps = [
      affine_map<(d0, d1) -> (d0, d1)>,
      affine_map<(d0, d1) -> (d0, d1)>],
      iterator_types = ["parallel", "parallel"]}
    ins(%s : tensor<3x4xf32>)
    outs(%f : tensor<3x4xf32>) {
  ^bb0(%b0: f32, %b1: f32):
    %b2 = math.tanh %b0 : f32
    linalg.yield %b2 : f32
  } -> tensor<3x4xf32>
  func.return %y : tensor<3x4xf32>
}

// CHECK:      %x_in = dataflow.stream "x_in" <0:2, 1:6> : !dataflow.stream<f32>
// CHECK:      %generic_out = dataflow.stream "generic_out" <0:2, 1:6> : !dataflow.stream<f32>
// CHECK-NEXT: dataflow.node "generic" reads(%x_in : !dataflow.stream<f32>) writes(%generic_out : !dataflow.stream<f32>) {
// CHECK:        affine.for %i0 = 0 to 2 {
// CHECK-NEXT:     affine.for %i1 = 0 to 6 {
// CHECK-NEXT:       %0 = dataflow.read %x : !dataflow.stream<f32> -> f32
// CHECK-NEXT:       %a2 = math.exp %0 : f32
// CHECK-NEXT:       dataflow.write %a2 to %y : f32, !dataflow.stream<f32>
// CHECK:      %generic_all = dataflow.buffer "generic_all" stages 2 : memref<2x6xf32> {reason = "the reader's order is not the writer's"}
// CHECK-NEXT: dataflow.node "generic_collect" reads(%generic_out : !dataflow.stream<f32>) writes(%generic_all : memref<2x6xf32>) {
// CHECK:        affine.for %f0 = 0 to 2 {
// CHECK-NEXT:     affine.for %f1 = 0 to 6 {
// CHECK-NEXT:       %0 = dataflow.read %x : !dataflow.stream<f32> -> f32
// CHECK-NEXT:       affine.store %0, %y[%f0, %f1] : memref<2x6xf32>
// CHECK:      %generic_2_out = dataflow.stream "generic_2_out" <0:3, 1:4> : !dataflow.stream<f32>
// CHECK-NEXT: dataflow.node "generic_2" reads(%generic_all : memref<2x6xf32>) writes(%generic_2_out : !dataflow.stream<f32>) {
// CHECK:        affine.for %i0 = 0 to 3 {
// CHECK-NEXT:     affine.for %i1 = 0 to 4 {
// CHECK-NEXT:       %0 = affine.load %x[(%i0 * 4 + %i1) floordiv 6, (%i0 * 4 + %i1) mod 6] : memref<2x6xf32>
// CHECK-NEXT:       %b2 = math.tanh %0 : f32
// CHECK-NEXT:       dataflow.write %b2 to %y : f32, !dataflow.stream<f32>
