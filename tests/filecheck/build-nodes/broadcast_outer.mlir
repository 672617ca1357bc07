// RUN: dataflowc-opt -p 'build-tasks,build-nodes' %s | filecheck %s

// A value per row: taken at the first column and held in a register.

func.func @main(%x: tensor<2x3xf32> {dataflow.role = "input", dataflow.name = "x"}, %b: tensor<2xf32> {dataflow.role = "input", dataflow.name = "b"}) -> (tensor<2x3xf32> {dataflow.name = "y"}) {
  %e = tensor.empty() : tensor<2x3xf32>
  %y = linalg.generic {indexing_maps = [
      affine_map<(d0, d1) -> (d0, d1)>,
      affine_map<(d0, d1) -> (d0)>,
      affine_map<(d0, d1) -> (d0, d1)>],
      iterator_types = ["parallel", "parallel"]}
    ins(%x, %b : tensor<2x3xf32>, tensor<2xf32>)
    outs(%e : tensor<2x3xf32>) {
  ^bb0(%a0: f32, %a1: f32, %a2: f32):
    %a3 = arith.addf %a0, %a1 : f32
    linalg.yield %a3 : f32
  } -> tensor<2x3xf32>
  func.return %y : tensor<2x3xf32>
}

// CHECK:      %x_in = dataflow.stream "x_in" <0:2, 1:3> : !dataflow.stream<f32>
// CHECK:      %b_in = dataflow.stream "b_in" <0:2> : !dataflow.stream<f32>
// CHECK:      %generic_out = dataflow.stream "generic_out" <0:2, 1:3> : !dataflow.stream<f32>
// CHECK-NEXT: dataflow.node "generic" reads(%x_in, %b_in : !dataflow.stream<f32>, !dataflow.stream<f32>) writes(%generic_out : !dataflow.stream<f32>) {
// CHECK:        %x_reg = dataflow.buffer "x_reg" stages 1 : memref<f32>
// CHECK-NEXT:   affine.for %i0 = 0 to 2 {
// CHECK-NEXT:     affine.for %i1 = 0 to 3 {
// CHECK-NEXT:       %0 = dataflow.read %x : !dataflow.stream<f32> -> f32
// CHECK-NEXT:       "affine.if"(%i1) <{condition = affine_set<(d0) : (d0 == 0)>}> ({
// CHECK-NEXT:         %1 = dataflow.read %x_1 : !dataflow.stream<f32> -> f32
// CHECK-NEXT:         affine.store %1, %x_reg[] : memref<f32>
// CHECK:            %2 = affine.load %x_reg[] : memref<f32>
// CHECK-NEXT:       %a3 = arith.addf %0, %2 : f32
// CHECK-NEXT:       dataflow.write %a3 to %y : f32, !dataflow.stream<f32>
