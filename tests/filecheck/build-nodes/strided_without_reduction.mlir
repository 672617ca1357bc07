// RUN: dataflowc-opt -p 'build-tasks,build-nodes' %s | filecheck %s

// Every second row, and nothing is reduced: two rows are taken at a time, and the first of them is used.

func.func @main(%x: tensor<1x1x4x3xf32> {dataflow.role = "input", dataflow.name = "x"}) -> (tensor<1x1x2x3xf32> {dataflow.name = "y"}) {
  %e = tensor.empty() : tensor<1x1x2x3xf32>
  %y = linalg.generic {indexing_maps = [
      affine_map<(d0, d1, d2, d3) -> (d0, d1, d2 * 2, d3)>,
      affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>],
      iterator_types = ["parallel", "parallel", "parallel", "parallel"]}
    ins(%x : tensor<1x1x4x3xf32>)
    outs(%e : tensor<1x1x2x3xf32>) {
  ^bb0(%a0: f32, %a1: f32):
    %a2 = math.exp %a0 : f32
    linalg.yield %a2 : f32
  } -> tensor<1x1x2x3xf32>
  func.return %y : tensor<1x1x2x3xf32>
}

// CHECK:      %x_in = dataflow.stream "x_in" <0:1, 1:1, 2:4, 3:3> : !dataflow.stream<f32>
// CHECK:      %generic_out = dataflow.stream "generic_out" <2:2, 3:3> : !dataflow.stream<f32>
// CHECK-NEXT: dataflow.node "generic" reads(%x_in : !dataflow.stream<f32>) writes(%generic_out : !dataflow.stream<f32>) {
// CHECK:        %x_buf = dataflow.buffer "x_buf" stages 1 : memref<2x3xf32>
// CHECK-NEXT:   affine.for %i2 = 0 to 2 {
// CHECK-NEXT:     affine.for %f0 = 0 to 2 {
// CHECK-NEXT:       affine.for %f1 = 0 to 3 {
// CHECK-NEXT:         %0 = dataflow.read %x : !dataflow.stream<f32> -> f32
// CHECK-NEXT:         affine.store %0, %x_buf[%f0, %f1] : memref<2x3xf32>
// CHECK:          affine.for %i3 = 0 to 3 {
// CHECK-NEXT:       %1 = affine.load %x_buf[0, %i3] : memref<2x3xf32>
// CHECK-NEXT:       %a2 = math.exp %1 : f32
// CHECK-NEXT:       dataflow.write %a2 to %y : f32, !dataflow.stream<f32>
