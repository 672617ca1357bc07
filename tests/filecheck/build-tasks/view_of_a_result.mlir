// RUN: dataflowc-opt -p 'build-tasks' %s | filecheck %s

// A view between the last task and the return stays outside.

func.func @main(%x: tensor<2x3xf32> {dataflow.role = "input", dataflow.name = "x"}) -> (tensor<3x2xf32> {dataflow.name = "y"}) {
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
  %f = tensor.empty() : tensor<3x2xf32>
  %t = linalg.generic {indexing_maps = [
      affine_map<(d0, d1) -> (d1, d0)>,
      affine_map<(d0, d1) -> (d0, d1)>],
      iterator_types = ["parallel", "parallel"]}
    ins(%a : tensor<2x3xf32>)
    outs(%f : tensor<3x2xf32>) {
  ^bb0(%t0: f32, %t1: f32):
    linalg.yield %t0 : f32
  } -> tensor<3x2xf32>
  func.return %t : tensor<3x2xf32>
}

// CHECK:      func.func @main(%x: tensor<2x3xf32> {dataflow.role = "input", dataflow.name = "x"}) -> (tensor<3x2xf32> {dataflow.name = "y"}) {
// CHECK-NEXT:   %a = dataflow.dispatch -> tensor<2x3xf32> {
// CHECK-NEXT:     %0 = dataflow.task "generic" -> tensor<2x3xf32> {
// CHECK-NEXT:       %e = tensor.empty() : tensor<2x3xf32>
// CHECK-NEXT:       %a_1 = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d0, d1)>], iterator_types = ["parallel", "parallel"]} ins(%x : tensor<2x3xf32>) outs(%e : tensor<2x3xf32>) {
// CHECK-NEXT:       ^bb0(%a0: f32, %a1: f32):
// CHECK-NEXT:         %a2 = math.exp %a0 : f32
// CHECK-NEXT:         linalg.yield %a2 : f32
// CHECK:            dataflow.yield %a_1 : tensor<2x3xf32>
// CHECK:          dataflow.yield %0 : tensor<2x3xf32>
// CHECK:        %f = tensor.empty() : tensor<3x2xf32>
// CHECK-NEXT:   %t = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d1, d0)>, affine_map<(d0, d1) -> (d0, d1)>], iterator_types = ["parallel", "parallel"]} ins(%a : tensor<2x3xf32>) outs(%f : tensor<3x2xf32>) {
// CHECK-NEXT:   ^bb0(%t0: f32, %t1: f32):
// CHECK-NEXT:     linalg.yield %t0 : f32
// CHECK:        func.return %t : tensor<3x2xf32>
