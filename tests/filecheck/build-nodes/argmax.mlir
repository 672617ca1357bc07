// RUN: dataflowc-opt -p 'build-tasks,build-nodes' %s | filecheck %s

// The index of the largest element: two accumulators; the maximum itself has no reader and no stream.

func.func @main(%x: tensor<5x3xf32> {dataflow.role = "input", dataflow.name = "x"}) -> (tensor<5xi64> {dataflow.name = "y"}) {
  %low = arith.constant 0xFF800000 : f32
  %zero = arith.constant 0 : i64
  %ef = tensor.empty() : tensor<5xf32>
  %ei = tensor.empty() : tensor<5xi64>
  %im = linalg.generic {indexing_maps = [
      affine_map<(d0) -> ()>,
      affine_map<(d0) -> (d0)>],
      iterator_types = ["parallel"]}
    ins(%low : f32)
    outs(%ef : tensor<5xf32>) {
  ^bb0(%ima: f32, %imb: f32):
    linalg.yield %ima : f32
  } -> tensor<5xf32>
  %ii = linalg.generic {indexing_maps = [
      affine_map<(d0) -> ()>,
      affine_map<(d0) -> (d0)>],
      iterator_types = ["parallel"]}
    ins(%zero : i64)
    outs(%ei : tensor<5xi64>) {
  ^bb0(%iia: i64, %iib: i64):
    linalg.yield %iia : i64
  } -> tensor<5xi64>
  %v, %k = linalg.generic {indexing_maps = [
      affine_map<(d0, d1) -> (d0, d1)>,
      affine_map<(d0, d1) -> (d0)>,
      affine_map<(d0, d1) -> (d0)>],
      iterator_types = ["parallel", "reduction"]}
    ins(%x : tensor<5x3xf32>)
    outs(%im, %ii : tensor<5xf32>, tensor<5xi64>) {
  ^bb0(%a0: f32, %a1: f32, %a2: i64):
    %a3 = linalg.index 1 : index
    %a4 = arith.index_cast %a3 : index to i64
    %a5 = arith.maximumf %a0, %a1 : f32
    %a6 = arith.cmpf ogt, %a0, %a1 : f32
    %a7 = arith.select %a6, %a4, %a2 : i64
    linalg.yield %a5, %a7 : f32, i64
  } -> tensor<5xf32>, tensor<5xi64>
  func.return %k : tensor<5xi64>
}

// CHECK:      %x_in = dataflow.stream "x_in" <0:5, 1:3> : !dataflow.stream<f32>
// CHECK:      %generic_out = dataflow.stream "generic_out" <0:5> : !dataflow.stream<i64>
// CHECK-NEXT: dataflow.node "generic" reads(%x_in : !dataflow.stream<f32>) writes(%generic_out : !dataflow.stream<i64>) {
// CHECK:        %acc = dataflow.buffer "acc" stages 1 : memref<f32>
// CHECK-NEXT:   %acc1 = dataflow.buffer "acc1" stages 1 : memref<i64>
// CHECK-NEXT:   affine.for %i0 = 0 to 5 {
// CHECK-NEXT:     %0 = arith.constant 0xff800000 : f32
// CHECK-NEXT:     affine.store %0, %acc[] : memref<f32>
// CHECK-NEXT:     %1 = arith.constant 0 : i64
// CHECK-NEXT:     affine.store %1, %acc1[] : memref<i64>
// CHECK-NEXT:     affine.for %k1 = 0 to 3 {
// CHECK-NEXT:       %2 = dataflow.read %x : !dataflow.stream<f32> -> f32
// CHECK-NEXT:       %3 = affine.load %acc[] : memref<f32>
// CHECK-NEXT:       %4 = affine.load %acc1[] : memref<i64>
// CHECK-NEXT:       %5 = affine.apply affine_map<(d0) -> (d0)> (%k1)
// CHECK-NEXT:       %a4 = arith.index_cast %5 : index to i64
// CHECK-NEXT:       %a5 = arith.maximumf %2, %3 : f32
// CHECK-NEXT:       %a6 = arith.cmpf ogt, %2, %3 : f32
// CHECK-NEXT:       %a7 = arith.select %a6, %a4, %4 : i64
// CHECK-NEXT:       affine.store %a5, %acc[] : memref<f32>
// CHECK-NEXT:       affine.store %a7, %acc1[] : memref<i64>
// CHECK:          %6 = affine.load %acc[] : memref<f32>
// CHECK-NEXT:     %7 = affine.load %acc1[] : memref<i64>
// CHECK-NEXT:     dataflow.write %7 to %y : i64, !dataflow.stream<i64>
