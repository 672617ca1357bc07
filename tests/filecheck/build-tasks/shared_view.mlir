// RUN: dataflowc-opt -p 'build-tasks' %s | filecheck %s

// A view that two ops read is cloned into both tasks; labels are unique.

func.func @main(%x: tensor<2x3xf32> {dataflow.role = "input", dataflow.name = "x"}) -> (tensor<3x2xf32> {dataflow.name = "y"}, tensor<3x2xf32> {dataflow.name = "y1"}) {
  %f = tensor.empty() : tensor<3x2xf32>
  %t = linalg.generic {indexing_maps = [
      affine_map<(d0, d1) -> (d1, d0)>,
      affine_map<(d0, d1) -> (d0, d1)>],
      iterator_types = ["parallel", "parallel"]}
    ins(%x : tensor<2x3xf32>)
    outs(%f : tensor<3x2xf32>) {
  ^bb0(%t0: f32, %t1: f32):
    linalg.yield %t0 : f32
  } -> tensor<3x2xf32>
  %y = linalg.generic {indexing_maps = [
      affine_map<(d0, d1) -> (d0, d1)>,
      affine_map<(d0, d1) -> (d0, d1)>],
      iterator_types = ["parallel", "parallel"]}
    ins(%t : tensor<3x2xf32>)
    outs(%f : tensor<3x2xf32>) {
  ^bb0(%b0: f32, %b1: f32):
    %b2 = math.tanh %b0 : f32
    linalg.yield %b2 : f32
  } -> tensor<3x2xf32>
  %z = linalg.generic {indexing_maps = [
      affine_map<(d0, d1) -> (d0, d1)>,
      affine_map<(d0, d1) -> (d0, d1)>],
      iterator_types = ["parallel", "parallel"]}
    ins(%t : tensor<3x2xf32>)
    outs(%f : tensor<3x2xf32>) {
  ^bb0(%c0: f32, %c1: f32):
    %c2 = math.exp %c0 : f32
    linalg.yield %c2 : f32
  } -> tensor<3x2xf32>
  func.return %y, %z : tensor<3x2xf32>, tensor<3x2xf32>
}

// CHECK:      func.func @main(%x: tensor<2x3xf32> {dataflow.role = "input", dataflow.name = "x"}) -> (tensor<3x2xf32> {dataflow.name = "y"}, tensor<3x2xf32> {dataflow.name = "y1"}) {
// CHECK-NEXT:   %y, %z = dataflow.dispatch -> tensor<3x2xf32>, tensor<3x2xf32> {
// CHECK-NEXT:     %0 = dataflow.task "generic" -> tensor<3x2xf32> {
// CHECK-NEXT:       %f = tensor.empty() : tensor<3x2xf32>
// CHECK-NEXT:       %t = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d1, d0)>, affine_map<(d0, d1) -> (d0, d1)>], iterator_types = ["parallel", "parallel"]} ins(%x : tensor<2x3xf32>) outs(%f : tensor<3x2xf32>) {
// CHECK-NEXT:       ^bb0(%t0: f32, %t1: f32):
// CHECK-NEXT:         linalg.yield %t0 : f32
// CHECK:            %y_1 = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d0, d1)>], iterator_types = ["parallel", "parallel"]} ins(%t : tensor<3x2xf32>) outs(%f : tensor<3x2xf32>) {
// CHECK-NEXT:       ^bb0(%b0: f32, %b1: f32):
// CHECK-NEXT:         %b2 = math.tanh %b0 : f32
// CHECK-NEXT:         linalg.yield %b2 : f32
// CHECK:            dataflow.yield %y_1 : tensor<3x2xf32>
// CHECK:          %1 = dataflow.task "generic_2" -> tensor<3x2xf32> {
// CHECK-NEXT:       %f_1 = tensor.empty() : tensor<3x2xf32>
// CHECK-NEXT:       %t_1 = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d1, d0)>, affine_map<(d0, d1) -> (d0, d1)>], iterator_types = ["parallel", "parallel"]} ins(%x : tensor<2x3xf32>) outs(%f_1 : tensor<3x2xf32>) {
// CHECK-NEXT:       ^bb0(%t0_1: f32, %t1_1: f32):
// CHECK-NEXT:         linalg.yield %t0_1 : f32
// CHECK:            %z_1 = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> (d0, d1)>], iterator_types = ["parallel", "parallel"]} ins(%t_1 : tensor<3x2xf32>) outs(%f_1 : tensor<3x2xf32>) {
// CHECK-NEXT:       ^bb0(%c0: f32, %c1: f32):
// CHECK-NEXT:         %c2 = math.exp %c0 : f32
// CHECK-NEXT:         linalg.yield %c2 : f32
// CHECK:            dataflow.yield %z_1 : tensor<3x2xf32>
// CHECK:          dataflow.yield %0, %1 : tensor<3x2xf32>, tensor<3x2xf32>
// CHECK:        func.return %y, %z : tensor<3x2xf32>, tensor<3x2xf32>
