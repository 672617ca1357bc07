// RUN: dataflowc-opt -p 'lift-affine' %s | filecheck %s

// A matrix times a vector: every array that is loaded gets a local copy, the loops stay as they are, and y is stored from its
// copy.

func.func @matvec(%a: memref<4x6xf32>, %x: memref<6xf32>, %y: memref<4xf32>) {
  affine.for %i = 0 to 4 {
    %zero = arith.constant 0.0 : f32
    affine.store %zero, %y[%i] : memref<4xf32>
    affine.for %j = 0 to 6 {
      %p = affine.load %a[%i, %j] : memref<4x6xf32>
      %q = affine.load %x[%j] : memref<6xf32>
      %s = affine.load %y[%i] : memref<4xf32>
      %r = arith.mulf %p, %q : f32
      %t = arith.addf %s, %r : f32
      affine.store %t, %y[%i] : memref<4xf32>
    }
  }
  func.return
}

// CHECK:      func.func @matvec(%m_a: memref<24xf32> {dataflow.role = "input", dataflow.name = "a"}, %m_x: memref<6xf32> {dataflow.role = "input", dataflow.name = "x"}, %m_y: memref<4xf32> {dataflow.role = "input", dataflow.name = "y"}, %m_y_1: memref<4xf32> {dataflow.role = "output", dataflow.name = "y"}) {
// CHECK:        ^bb0(%m_a_1: memref<24xf32>, %m_x_1: memref<6xf32>, %m_y_2: memref<4xf32>, %m_y_3: memref<4xf32>):
// CHECK-NEXT:     %m_a_2 = dataflow.port %m_a_1 "input" "a" bundle "m_a" : memref<24xf32>
// CHECK-NEXT:     %a_in = dataflow.stream "a_in" <0:4, 1:6> : !dataflow.stream<f32>
// CHECK-NEXT:     dataflow.node "load_a" reads(%m_a_2 : memref<24xf32>) writes(%a_in : !dataflow.stream<f32>) {
// CHECK-NEXT:     ^bb0(%x: memref<24xf32>, %y: !dataflow.stream<f32>):
// CHECK-NEXT:       affine.for %i = 0 to 24 {
// CHECK-NEXT:         %0 = affine.load %x[%i] : memref<24xf32>
// CHECK-NEXT:         dataflow.write %0 to %y : f32, !dataflow.stream<f32>
// CHECK:          %m_x_2 = dataflow.port %m_x_1 "input" "x" bundle "m_x" : memref<6xf32>
// CHECK-NEXT:     %x_in = dataflow.stream "x_in" <0:6> : !dataflow.stream<f32>
// CHECK-NEXT:     dataflow.node "load_x" reads(%m_x_2 : memref<6xf32>) writes(%x_in : !dataflow.stream<f32>) {
// CHECK-NEXT:     ^bb0(%x: memref<6xf32>, %y: !dataflow.stream<f32>):
// CHECK-NEXT:       affine.for %i = 0 to 6 {
// CHECK-NEXT:         %0 = affine.load %x[%i] : memref<6xf32>
// CHECK-NEXT:         dataflow.write %0 to %y : f32, !dataflow.stream<f32>
// CHECK:          %m_y_4 = dataflow.port %m_y_2 "input" "y" bundle "m_y" : memref<4xf32>
// CHECK-NEXT:     %y_in = dataflow.stream "y_in" <0:4> : !dataflow.stream<f32>
// CHECK-NEXT:     dataflow.node "load_y" reads(%m_y_4 : memref<4xf32>) writes(%y_in : !dataflow.stream<f32>) {
// CHECK-NEXT:     ^bb0(%x: memref<4xf32>, %y: !dataflow.stream<f32>):
// CHECK-NEXT:       affine.for %i = 0 to 4 {
// CHECK-NEXT:         %0 = affine.load %x[%i] : memref<4xf32>
// CHECK-NEXT:         dataflow.write %0 to %y : f32, !dataflow.stream<f32>
// CHECK:          %y_out = dataflow.stream "y_out" <0:4> : !dataflow.stream<f32>
// CHECK-NEXT:     dataflow.node "matvec_kernel" reads(%a_in, %x_in, %y_in : !dataflow.stream<f32>, !dataflow.stream<f32>, !dataflow.stream<f32>) writes(%y_out : !dataflow.stream<f32>) {
// CHECK-NEXT:     ^bb0(%a_in_1: !dataflow.stream<f32>, %x_in_1: !dataflow.stream<f32>, %y_in_1: !dataflow.stream<f32>, %y_out_1: !dataflow.stream<f32>):
// CHECK-NEXT:       %a = dataflow.buffer "a" stages 1 : memref<4x6xf32>
// CHECK-NEXT:       %x = dataflow.buffer "x" stages 1 : memref<6xf32>
// CHECK-NEXT:       %y = dataflow.buffer "y" stages 1 : memref<4xf32>
// CHECK-NEXT:       affine.for %f0 = 0 to 4 {
// CHECK-NEXT:         affine.for %f1 = 0 to 6 {
// CHECK-NEXT:           %0 = dataflow.read %a_in_1 : !dataflow.stream<f32> -> f32
// CHECK-NEXT:           affine.store %0, %a[%f0, %f1] : memref<4x6xf32>
// CHECK:            affine.for %f0_1 = 0 to 6 {
// CHECK-NEXT:         %1 = dataflow.read %x_in_1 : !dataflow.stream<f32> -> f32
// CHECK-NEXT:         affine.store %1, %x[%f0_1] : memref<6xf32>
// CHECK:            affine.for %f0_2 = 0 to 4 {
// CHECK-NEXT:         %2 = dataflow.read %y_in_1 : !dataflow.stream<f32> -> f32
// CHECK-NEXT:         affine.store %2, %y[%f0_2] : memref<4xf32>
// CHECK:            affine.for %i = 0 to 4 {
// CHECK-NEXT:         %zero = arith.constant 0.000000e+00 : f32
// CHECK-NEXT:         affine.store %zero, %y[%i] : memref<4xf32>
// CHECK-NEXT:         affine.for %j = 0 to 6 {
// CHECK-NEXT:           %p = affine.load %a[%i, %j] : memref<4x6xf32>
// CHECK-NEXT:           %q = affine.load %x[%j] : memref<6xf32>
// CHECK-NEXT:           %s = affine.load %y[%i] : memref<4xf32>
// CHECK-NEXT:           %r = arith.mulf %p, %q : f32
// CHECK-NEXT:           %t = arith.addf %s, %r : f32
// CHECK-NEXT:           affine.store %t, %y[%i] : memref<4xf32>
// CHECK:            affine.for %d0 = 0 to 4 {
// CHECK-NEXT:         %3 = affine.load %y[%d0] : memref<4xf32>
// CHECK-NEXT:         dataflow.write %3 to %y_out_1 : f32, !dataflow.stream<f32>
// CHECK:          %m_y_5 = dataflow.port %m_y_3 "output" "y" bundle "m_y_2" : memref<4xf32>
// CHECK-NEXT:     dataflow.node "store_y" reads(%y_out : !dataflow.stream<f32>) writes(%m_y_5 : memref<4xf32>) {
// CHECK-NEXT:     ^bb0(%x: !dataflow.stream<f32>, %y: memref<4xf32>):
// CHECK-NEXT:       affine.for %i = 0 to 4 {
// CHECK-NEXT:         %0 = dataflow.read %x : !dataflow.stream<f32> -> f32
// CHECK-NEXT:         affine.store %0, %y[%i] : memref<4xf32>
