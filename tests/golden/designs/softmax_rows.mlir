// Softmax of four rows: two forks, and FIFOs that hold a row.
func.func @main(%x: tensor<4x40xf32> {dataflow.role = "input", dataflow.name = "x"}) -> (tensor<4x40xf32> {dataflow.name = "y"}) {
  %low = arith.constant 0xFF800000 : f32
  %zero = arith.constant 0.0 : f32
  %ev = tensor.empty() : tensor<4x1xf32>
  %er = tensor.empty() : tensor<4x40xf32>
  %imax = linalg.generic {indexing_maps = [
      affine_map<(d0, d1) -> ()>,
      affine_map<(d0, d1) -> (d0, d1)>],
      iterator_types = ["parallel", "parallel"]}
    ins(%low : f32)
    outs(%ev : tensor<4x1xf32>) {
  ^bb0(%imaxa: f32, %imaxb: f32):
    linalg.yield %imaxa : f32
  } -> tensor<4x1xf32>
  %max = linalg.generic {indexing_maps = [
      affine_map<(d0, d1) -> (d0, d1)>,
      affine_map<(d0, d1) -> (d0, 0)>],
      iterator_types = ["parallel", "reduction"]}
    ins(%x : tensor<4x40xf32>)
    outs(%imax : tensor<4x1xf32>) {
  ^bb0(%m0: f32, %m1: f32):
    %m9 = arith.maximumf %m1, %m0 : f32
    linalg.yield %m9 : f32
  } -> tensor<4x1xf32>
  %sub = linalg.generic {indexing_maps = [
      affine_map<(d0, d1) -> (d0, d1)>,
      affine_map<(d0, d1) -> (d0, 0)>,
      affine_map<(d0, d1) -> (d0, d1)>],
      iterator_types = ["parallel", "parallel"]}
    ins(%x, %max : tensor<4x40xf32>, tensor<4x1xf32>)
    outs(%er : tensor<4x40xf32>) {
  ^bb0(%s0: f32, %s1: f32, %s2: f32):
    %s3 = arith.subf %s0, %s1 : f32
    linalg.yield %s3 : f32
  } -> tensor<4x40xf32>
  %exp = linalg.generic {indexing_maps = [
      affine_map<(d0, d1) -> (d0, d1)>,
      affine_map<(d0, d1) -> (d0, d1)>],
      iterator_types = ["parallel", "parallel"]}
    ins(%sub : tensor<4x40xf32>)
    outs(%er : tensor<4x40xf32>) {
  ^bb0(%e0: f32, %e1: f32):
    %e2 = math.exp %e0 : f32
    linalg.yield %e2 : f32
  } -> tensor<4x40xf32>
  %isum = linalg.generic {indexing_maps = [
      affine_map<(d0, d1) -> ()>,
      affine_map<(d0, d1) -> (d0, d1)>],
      iterator_types = ["parallel", "parallel"]}
    ins(%zero : f32)
    outs(%ev : tensor<4x1xf32>) {
  ^bb0(%isuma: f32, %isumb: f32):
    linalg.yield %isuma : f32
  } -> tensor<4x1xf32>
  %sum = linalg.generic {indexing_maps = [
      affine_map<(d0, d1) -> (d0, d1)>,
      affine_map<(d0, d1) -> (d0, 0)>],
      iterator_types = ["parallel", "reduction"]}
    ins(%exp : tensor<4x40xf32>)
    outs(%isum : tensor<4x1xf32>) {
  ^bb0(%t0: f32, %t1: f32):
    %t9 = arith.addf %t1, %t0 : f32
    linalg.yield %t9 : f32
  } -> tensor<4x1xf32>
  %y = linalg.generic {indexing_maps = [
      affine_map<(d0, d1) -> (d0, d1)>,
      affine_map<(d0, d1) -> (d0, 0)>,
      affine_map<(d0, d1) -> (d0, d1)>],
      iterator_types = ["parallel", "parallel"]}
    ins(%exp, %sum : tensor<4x40xf32>, tensor<4x1xf32>)
    outs(%er : tensor<4x40xf32>) {
  ^bb0(%q0: f32, %q1: f32, %q2: f32):
    %q3 = arith.divf %q0, %q1 : f32
    linalg.yield %q3 : f32
  } -> tensor<4x40xf32>
  func.return %y : tensor<4x40xf32>
}
