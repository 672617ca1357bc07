// RUN: dataflowc-opt -p 'build-tasks,build-nodes' %s | filecheck %s

// An embedding: the table stays off chip behind its own port and is read at computed addresses.

func.func @main(%ids: tensor<2x3xi64> {dataflow.role = "input", dataflow.name = "ids"}, %table: tensor<11x4xf32> {dataflow.role = "weight", dataflow.name = "table"}) -> (tensor<2x3x4xf32> {dataflow.name = "y"}) {
  %e = tensor.empty() : tensor<2x3x4xf32>
  %y = linalg.generic {indexing_maps = [
      affine_map<(d0, d1, d2) -> (d0, d1)>,
      affine_map<(d0, d1, d2) -> (d0, d1, d2)>],
      iterator_types = ["parallel", "parallel", "parallel"]}
    ins(%ids : tensor<2x3xi64>)
    outs(%e : tensor<2x3x4xf32>) {
  ^bb0(%a0: i64, %a1: f32):
    %a2 = arith.index_cast %a0 : i64 to index
    %a3 = linalg.index 2 : index
    %a4 = tensor.extract %table[%a2, %a3] : tensor<11x4xf32>
    linalg.yield %a4 : f32
  } -> tensor<2x3x4xf32>
  func.return %y : tensor<2x3x4xf32>
}

// CHECK:      %ids_in = dataflow.stream "ids_in" <0:2, 1:3> : !dataflow.stream<i64>
// CHECK:      %generic_out = dataflow.stream "generic_out" <0:2, 1:3, 2:4> : !dataflow.stream<f32>
// CHECK-NEXT: dataflow.node "generic" reads(%m_table_2, %ids_in : memref<44xf32>, !dataflow.stream<i64>) writes(%generic_out : !dataflow.stream<f32>) {
// CHECK:        %x_reg = dataflow.buffer "x_reg" stages 1 : memref<i64>
// CHECK-NEXT:   affine.for %i0 = 0 to 2 {
// CHECK-NEXT:     affine.for %i1 = 0 to 3 {
// CHECK-NEXT:       affine.for %i2 = 0 to 4 {
// CHECK-NEXT:         "affine.if"(%i2) <{condition = affine_set<(d0) : (d0 == 0)>}> ({
// CHECK-NEXT:           %0 = dataflow.read %x_1 : !dataflow.stream<i64> -> i64
// CHECK-NEXT:           affine.store %0, %x_reg[] : memref<i64>
// CHECK:              %1 = affine.load %x_reg[] : memref<i64>
// CHECK-NEXT:         %a2 = arith.index_cast %1 : i64 to index
// CHECK-NEXT:         %2 = affine.apply affine_map<(d0) -> (d0)> (%i2)
// CHECK-NEXT:         %3 = arith.constant 4 : index
// CHECK-NEXT:         %4 = arith.muli %a2, %3 : index
// CHECK-NEXT:         %5 = arith.addi %4, %2 : index
// CHECK-NEXT:         %6 = memref.load %x[%5] : memref<44xf32>
// CHECK-NEXT:         dataflow.write %6 to %y : f32, !dataflow.stream<f32>
