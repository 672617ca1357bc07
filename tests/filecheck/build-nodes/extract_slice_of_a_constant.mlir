// RUN: dataflowc-opt -p 'build-tasks,build-nodes' %s | filecheck %s

// A part of a filled tensor comes from no stream: the process sends the value. So does one of a tensor without contents.

func.func @main(%x: tensor<2xf32> {dataflow.role = "input", dataflow.name = "x"}) -> (tensor<2xf32> {dataflow.name = "y"}, tensor<3xf32> {dataflow.name = "y1"}) {
  %c = arith.constant 3.0 : f32
  %e5 = tensor.empty() : tensor<5xf32>
  %e3 = tensor.empty() : tensor<3xf32>
  %f = linalg.generic {indexing_maps = [affine_map<(d0) -> ()>, affine_map<(d0) -> (d0)>], iterator_types = ["parallel"]} ins(%c : f32) outs(%e5 : tensor<5xf32>) {
  ^bb0(%a0: f32, %a1: f32):
    linalg.yield %a0 : f32
  } -> tensor<5xf32>
  %s = tensor.extract_slice %f[1] [2] [2] : tensor<5xf32> to tensor<2xf32>
  %e = tensor.empty() : tensor<2xf32>
  %y = linalg.generic {indexing_maps = [affine_map<(d0) -> (d0)>, affine_map<(d0) -> (d0)>, affine_map<(d0) -> (d0)>], iterator_types = ["parallel"]} ins(%x, %s : tensor<2xf32>, tensor<2xf32>) outs(%e : tensor<2xf32>) {
  ^bb0(%b0: f32, %b1: f32, %b2: f32):
    %r = arith.addf %b0, %b1 : f32
    linalg.yield %r : f32
  } -> tensor<2xf32>
  %i = tensor.insert_slice %y into %e3[0] [2] [1] : tensor<2xf32> into tensor<3xf32>
  %j = tensor.insert_slice %s into %i[1] [2] [1] : tensor<2xf32> into tensor<3xf32>
  func.return %y, %j : tensor<2xf32>, tensor<3xf32>
}

// CHECK:      dataflow.node "extract_slice" writes(%extract_slice_out : !dataflow.stream<f32>) {
// CHECK:        affine.for %i0 = 0 to 2 {
// CHECK-NEXT:     %0 = arith.constant 3.000000e+00 : f32
// CHECK-NEXT:     dataflow.write %0 to %y : f32, !dataflow.stream<f32>
// CHECK:      dataflow.node "insert_slice"
// CHECK:        affine.for %i0 = 0 to 3 {
// CHECK-NEXT:     %0 = arith.constant 0.000000e+00 : f32
