// RUN: dataflowc-opt -p 'build-tasks' %s | filecheck %s

// A task is named after its source and holds the views through which it sees its operands: the transpose and the zeros.

func.func @main(%x: tensor<4x6xf32> {dataflow.role = "input", dataflow.name = "x"}, %w: tensor<5x6xf32> {dataflow.role = "weight", dataflow.name = "w"}) -> (tensor<4x5xf32> {dataflow.name = "y"}) {
  %zero = arith.constant 0.0 : f32
  %et = tensor.empty() : tensor<6x5xf32>
  %wt = linalg.generic {indexing_maps = [
      affine_map<(d0, d1) -> (d1, d0)>,
      affine_map<(d0, d1) -> (d0, d1)>],
      iterator_types = ["parallel", "parallel"]}
    ins(%w : tensor<5x6xf32>)
    outs(%et : tensor<6x5xf32>) {
  ^bb0(%t0: f32, %t1: f32):
    linalg.yield %t0 : f32
  } -> tensor<6x5xf32>
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
      affine_map<(d0, d1, d2) -> (d2, d1)>,
      affine_map<(d0, d1, d2) -> (d0, d1)>],
      iterator_types = ["parallel", "parallel", "reduction"]}
    ins(%x, %wt : tensor<4x6xf32>, tensor<6x5xf32>)
    outs(%init : tensor<4x5xf32>) attrs = {source = #dataflow.source<"fc", "linear", "model.py", 12>} {
  ^bb0(%m0: f32, %m1: f32, %m2: f32):
    %m3 = arith.mulf %m0, %m1 : f32
    %m4 = arith.addf %m2, %m3 : f32
    linalg.yield %m4 : f32
  } -> tensor<4x5xf32>
  func.return %y : tensor<4x5xf32>
}

// CHECK:      func.func @main(%x: tensor<4x6xf32> {dataflow.role = "input", dataflow.name = "x"}, %w: tensor<5x6xf32> {dataflow.role = "weight", dataflow.name = "w"}) -> (tensor<4x5xf32> {dataflow.name = "y"}) {
// CHECK-NEXT:   %y = dataflow.dispatch -> tensor<4x5xf32> {
// CHECK-NEXT:     %0 = dataflow.task "fc_linear" -> tensor<4x5xf32> attributes {source = #dataflow.source<"fc", "linear", "model.py", 12>} {
// CHECK-NEXT:       %et = tensor.empty() : tensor<6x5xf32>
// CHECK-NEXT:       %wt = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d1, d0)>, affine_map<(d0, d1) -> (d0, d1)>], iterator_types = ["parallel", "parallel"]} ins(%w : tensor<5x6xf32>) outs(%et : tensor<6x5xf32>) {
// CHECK-NEXT:       ^bb0(%t0: f32, %t1: f32):
// CHECK-NEXT:         linalg.yield %t0 : f32
// CHECK:            %zero = arith.constant 0.000000e+00 : f32
// CHECK-NEXT:       %e = tensor.empty() : tensor<4x5xf32>
// CHECK-NEXT:       %init = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> ()>, affine_map<(d0, d1) -> (d0, d1)>], iterator_types = ["parallel", "parallel"]} ins(%zero : f32) outs(%e : tensor<4x5xf32>) {
// CHECK-NEXT:       ^bb0(%inita: f32, %initb: f32):
// CHECK-NEXT:         linalg.yield %inita : f32
// CHECK:            %y_1 = linalg.generic {indexing_maps = [affine_map<(d0, d1, d2) -> (d0, d2)>, affine_map<(d0, d1, d2) -> (d2, d1)>, affine_map<(d0, d1, d2) -> (d0, d1)>], iterator_types = ["parallel", "parallel", "reduction"]} ins(%x, %wt : tensor<4x6xf32>, tensor<6x5xf32>) outs(%init : tensor<4x5xf32>) attrs =  {source = #dataflow.source<"fc", "linear", "model.py", 12>} {
// CHECK-NEXT:       ^bb0(%m0: f32, %m1: f32, %m2: f32):
// CHECK-NEXT:         %m3 = arith.mulf %m0, %m1 : f32
// CHECK-NEXT:         %m4 = arith.addf %m2, %m3 : f32
// CHECK-NEXT:         linalg.yield %m4 : f32
// CHECK:            dataflow.yield %y_1 : tensor<4x5xf32>
// CHECK:          dataflow.yield %0 : tensor<4x5xf32>
// CHECK:        func.return %y : tensor<4x5xf32>
