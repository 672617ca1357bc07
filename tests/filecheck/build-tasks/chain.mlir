// RUN: dataflowc-opt -p 'build-tasks' %s | filecheck %s

// A task reads the result of the task before it; only the last leaves the dispatch.

func.func @main(%x: tensor<2x3xf32> {dataflow.role = "input", dataflow.name = "x"}) -> (tensor<2x3xf32> {dataflow.name = "y"}) {
  %e = tensor.empty() : tensor<2x3xf32>
  %a = linalg.generic {indexing_maps = [
      affine_map<(d0, d1) -> (d0, d1)>,
      affine_map<(d0, d1) -> (d0, d1)>],
      iterator_types = ["parallel", "parallel"]}
    ins(%x : tensor<2x3xf32>)
    outs(%e : tensor<2x3xf32>) {
  ^bb0(%a0: f32, %a1: f32):
    %a2 = math.exp %a0 : f32
    linalg.yield %a2 : f32
  } -> tensor<2x3xf32>
  %y = linalg.generic {indexing_maps = [
      affine_map<(d0, d1) -> (d0, d1)>,
      affine_map<(d0, d1) -> (d0, d1)>],
      iterator_types = ["parallel", "parallel"]}
    ins(%a : tensor<2x3xf32>)
    outs(%e : tensor<2x3xf32>) {
  ^bb0(%b0: f32, %b1: f32):
    %b2 = math.tanh %b0 : f32
    linalg.yield %b2 : f32
  } -> tensor<2x3xf32>
  func.return %y : tensor<2x3xf32>
}

// CHECK:      func.func @main(%x: tensor<2x3xf32> {dataflow.role = "input", dataflow.name = "x"}) -> (tensor<2x3xf32> {dataflow.name = "y"}) {
// CHECK-NEXT:   %y = dataflow.dispatch -> tensor<2x3xf32> {
// CHECK-NEXT:     %0 = dataflow.task "generic" -> tensor<2x3xf32> {
// CHECK-NEXT:       %e = tensor.empty() : tensor<2x3xf32>
// CHECK-NEXT:       %a = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d0, d1)>], iterator_types = ["parallel", "parallel"]} ins(%x : tensor<2x3xf32>) outs(%e : tensor<2x3xf32>) {
// CHECK-NEXT:       ^bb0(%a0: f32, %a1: f32):
// CHECK-NEXT:         %a2 = math.exp %a0 : f32
// CHECK-NEXT:         linalg.yield %a2 : f32
// CHECK:            dataflow.yield %a : tensor<2x3xf32>
// CHECK:          %1 = dataflow.task "generic_2" -> tensor<2x3xf32> {
// CHECK-NEXT:       %e_1 = tensor.empty() : tensor<2x3xf32>
// CHECK-NEXT:       %y_1 = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d0, d1)>], iterator_types = ["parallel", "parallel"]} ins(%0 : tensor<2x3xf32>) outs(%e_1 : tensor<2x3xf32>) {
// CHECK-NEXT:       ^bb0(%b0: f32, %b1: f32):
// CHECK-NEXT:         %b2 = math.tanh %b0 : f32
// CHECK-NEXT:         linalg.yield %b2 : f32
// CHECK:            dataflow.yield %y_1 : tensor<2x3xf32>
// CHECK:          dataflow.yield %1 : tensor<2x3xf32>
// CHECK:        func.return %y : tensor<2x3xf32>
