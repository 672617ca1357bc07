// RUN: dataflowc-opt -p 'build-tasks,build-nodes' %s | filecheck %s

// A softmax row by row: a scalar accumulator per row, and its result is taken once per row and held in a register.
// The input and the exponentials have two readers each, hence two forks.

func.func @main(%x: tensor<4x8xf32> {dataflow.role = "input", dataflow.name = "x"}) -> (tensor<4x8xf32> {dataflow.name = "y"}) {
  %low = arith.constant 0xFF800000 : f32
  %zero = arith.constant 0.0 : f32
  %ev = tensor.empty() : tensor<4x1xf32>
  %er = tensor.empty() : tensor<4x8xf32>
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
    ins(%x : tensor<4x8xf32>)
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
    ins(%x, %max : tensor<4x8xf32>, tensor<4x1xf32>)
    outs(%er : tensor<4x8xf32>) {
  ^bb0(%s0: f32, %s1: f32, %s2: f32):
    %s3 = arith.subf %s0, %s1 : f32
    linalg.yield %s3 : f32
  } -> tensor<4x8xf32>
  %exp = linalg.generic {indexing_maps = [
      affine_map<(d0, d1) -> (d0, d1)>,
      affine_map<(d0, d1) -> (d0, d1)>],
      iterator_types = ["parallel", "parallel"]}
    ins(%sub : tensor<4x8xf32>)
    outs(%er : tensor<4x8xf32>) {
  ^bb0(%e0: f32, %e1: f32):
    %e2 = math.exp %e0 : f32
    linalg.yield %e2 : f32
  } -> tensor<4x8xf32>
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
    ins(%exp : tensor<4x8xf32>)
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
    ins(%exp, %sum : tensor<4x8xf32>, tensor<4x1xf32>)
    outs(%er : tensor<4x8xf32>) {
  ^bb0(%q0: f32, %q1: f32, %q2: f32):
    %q3 = arith.divf %q0, %q1 : f32
    linalg.yield %q3 : f32
  } -> tensor<4x8xf32>
  func.return %y : tensor<4x8xf32>
}

// CHECK:      %x_in = dataflow.stream "x_in" <0:4, 1:8> : !dataflow.stream<f32>
// CHECK:      %x_in_1 = dataflow.stream "x_in_2" <0:4, 1:8> : !dataflow.stream<f32>
// CHECK-NEXT: %x_in_2 = dataflow.stream "x_in_3" <0:4, 1:8> : !dataflow.stream<f32>
// CHECK-NEXT: dataflow.node "x_in_fork" reads(%x_in : !dataflow.stream<f32>) writes(%x_in_1, %x_in_2 : !dataflow.stream<f32>, !dataflow.stream<f32>) attributes {source = #dataflow.source<"x", "load", "", 0>} {
// CHECK:        affine.for %i = 0 to 32 {
// CHECK-NEXT:     %0 = dataflow.read %x : !dataflow.stream<f32> -> f32
// CHECK-NEXT:     dataflow.write %0 to %y : f32, !dataflow.stream<f32>
// CHECK-NEXT:     dataflow.write %0 to %y_1 : f32, !dataflow.stream<f32>
// CHECK:      %generic_out = dataflow.stream "generic_out" <0:4> : !dataflow.stream<f32>
// CHECK-NEXT: dataflow.node "generic" reads(%x_in_1 : !dataflow.stream<f32>) writes(%generic_out : !dataflow.stream<f32>) {
// CHECK:        %acc = dataflow.buffer "acc" stages 1 : memref<f32>
// CHECK-NEXT:   affine.for %i0 = 0 to 4 {
// CHECK-NEXT:     %0 = arith.constant 0xff800000 : f32
// CHECK-NEXT:     affine.store %0, %acc[] : memref<f32>
// CHECK-NEXT:     affine.for %k1 = 0 to 8 {
// CHECK-NEXT:       %1 = dataflow.read %x : !dataflow.stream<f32> -> f32
// CHECK-NEXT:       %2 = affine.load %acc[] : memref<f32>
// CHECK-NEXT:       %m9 = arith.maximumf %2, %1 : f32
// CHECK-NEXT:       affine.store %m9, %acc[] : memref<f32>
// CHECK:          %3 = affine.load %acc[] : memref<f32>
// CHECK-NEXT:     dataflow.write %3 to %y : f32, !dataflow.stream<f32>
// CHECK:      %generic_2_out = dataflow.stream "generic_2_out" <0:4, 1:8> : !dataflow.stream<f32>
// CHECK-NEXT: dataflow.node "generic_2" reads(%x_in_2, %generic_out : !dataflow.stream<f32>, !dataflow.stream<f32>) writes(%generic_2_out : !dataflow.stream<f32>) {
// CHECK:        %x_reg = dataflow.buffer "x_reg" stages 1 : memref<f32>
// CHECK-NEXT:   affine.for %i0 = 0 to 4 {
// CHECK-NEXT:     affine.for %i1 = 0 to 8 {
// CHECK-NEXT:       %0 = dataflow.read %x : !dataflow.stream<f32> -> f32
// CHECK-NEXT:       "affine.if"(%i1) <{condition = affine_set<(d0) : (d0 == 0)>}> ({
// CHECK-NEXT:         %1 = dataflow.read %x_1 : !dataflow.stream<f32> -> f32
// CHECK-NEXT:         affine.store %1, %x_reg[] : memref<f32>
// CHECK:            %2 = affine.load %x_reg[] : memref<f32>
// CHECK-NEXT:       %s3 = arith.subf %0, %2 : f32
// CHECK-NEXT:       dataflow.write %s3 to %y : f32, !dataflow.stream<f32>
// CHECK:      %generic_3_out = dataflow.stream "generic_3_out" <0:4, 1:8> : !dataflow.stream<f32>
// CHECK-NEXT: dataflow.node "generic_3" reads(%generic_2_out : !dataflow.stream<f32>) writes(%generic_3_out : !dataflow.stream<f32>) {
// CHECK:        affine.for %i0 = 0 to 4 {
// CHECK-NEXT:     affine.for %i1 = 0 to 8 {
// CHECK-NEXT:       %0 = dataflow.read %x : !dataflow.stream<f32> -> f32
// CHECK-NEXT:       %e2 = math.exp %0 : f32
// CHECK-NEXT:       dataflow.write %e2 to %y : f32, !dataflow.stream<f32>
// CHECK:      %generic_3_out_1 = dataflow.stream "generic_3_out_2" <0:4, 1:8> : !dataflow.stream<f32>
// CHECK-NEXT: %generic_3_out_2 = dataflow.stream "generic_3_out_3" <0:4, 1:8> : !dataflow.stream<f32>
// CHECK-NEXT: dataflow.node "generic_3_out_fork" reads(%generic_3_out : !dataflow.stream<f32>) writes(%generic_3_out_1, %generic_3_out_2 : !dataflow.stream<f32>, !dataflow.stream<f32>) {
// CHECK:        affine.for %i = 0 to 32 {
// CHECK-NEXT:     %0 = dataflow.read %x : !dataflow.stream<f32> -> f32
// CHECK-NEXT:     dataflow.write %0 to %y : f32, !dataflow.stream<f32>
// CHECK-NEXT:     dataflow.write %0 to %y_1 : f32, !dataflow.stream<f32>
// CHECK:      %generic_4_out = dataflow.stream "generic_4_out" <0:4> : !dataflow.stream<f32>
// CHECK-NEXT: dataflow.node "generic_4" reads(%generic_3_out_1 : !dataflow.stream<f32>) writes(%generic_4_out : !dataflow.stream<f32>) {
// CHECK:        %acc = dataflow.buffer "acc" stages 1 : memref<f32>
// CHECK-NEXT:   affine.for %i0 = 0 to 4 {
// CHECK-NEXT:     %0 = arith.constant 0.000000e+00 : f32
// CHECK-NEXT:     affine.store %0, %acc[] : memref<f32>
// CHECK-NEXT:     affine.for %k1 = 0 to 8 {
// CHECK-NEXT:       %1 = dataflow.read %x : !dataflow.stream<f32> -> f32
// CHECK-NEXT:       %2 = affine.load %acc[] : memref<f32>
// CHECK-NEXT:       %t9 = arith.addf %2, %1 : f32
// CHECK-NEXT:       affine.store %t9, %acc[] : memref<f32>
// CHECK:          %3 = affine.load %acc[] : memref<f32>
// CHECK-NEXT:     dataflow.write %3 to %y : f32, !dataflow.stream<f32>
// CHECK:      %generic_5_out = dataflow.stream "generic_5_out" <0:4, 1:8> : !dataflow.stream<f32>
// CHECK-NEXT: dataflow.node "generic_5" reads(%generic_3_out_2, %generic_4_out : !dataflow.stream<f32>, !dataflow.stream<f32>) writes(%generic_5_out : !dataflow.stream<f32>) {
// CHECK:        %x_reg = dataflow.buffer "x_reg" stages 1 : memref<f32>
// CHECK-NEXT:   affine.for %i0 = 0 to 4 {
// CHECK-NEXT:     affine.for %i1 = 0 to 8 {
// CHECK-NEXT:       %0 = dataflow.read %x : !dataflow.stream<f32> -> f32
// CHECK-NEXT:       "affine.if"(%i1) <{condition = affine_set<(d0) : (d0 == 0)>}> ({
// CHECK-NEXT:         %1 = dataflow.read %x_1 : !dataflow.stream<f32> -> f32
// CHECK-NEXT:         affine.store %1, %x_reg[] : memref<f32>
// CHECK:            %2 = affine.load %x_reg[] : memref<f32>
// CHECK-NEXT:       %q3 = arith.divf %0, %2 : f32
// CHECK-NEXT:       dataflow.write %q3 to %y : f32, !dataflow.stream<f32>
