// RUN: dataflowc-opt -p 'lift-affine' %s | filecheck %s

// An array that is loaded and stored has an input port and an output port; an allocation becomes a local buffer.

func.func @scale(%x: memref<6xf32>) {
  %tmp = memref.alloc() : memref<6xf32>
  affine.for %i = 0 to 6 {
    %v = affine.load %x[%i] : memref<6xf32>
    %w = arith.addf %v, %v : f32
    affine.store %w, %tmp[%i] : memref<6xf32>
  }
  affine.for %i = 0 to 6 {
    %v = affine.load %tmp[%i] : memref<6xf32>
    affine.store %v, %x[%i] : memref<6xf32>
  }
  memref.dealloc %tmp : memref<6xf32>
  func.return
}

// CHECK:      func.func @scale(%m_x: memref<6xf32> {dataflow.role = "input", dataflow.name = "x"}, %m_x_1: memref<6xf32> {dataflow.role = "output", dataflow.name = "x"}) {
// CHECK:        ^bb0(%m_x_2: memref<6xf32>, %m_x_3: memref<6xf32>):
// CHECK-NEXT:     %m_x_4 = dataflow.port %m_x_2 "input" "x" bundle "m_x" : memref<6xf32>
// CHECK-NEXT:     %x_in = dataflow.stream "x_in" <0:6> : !dataflow.stream<f32>
// CHECK-NEXT:     dataflow.node "load_x" reads(%m_x_4 : memref<6xf32>) writes(%x_in : !dataflow.stream<f32>) {
// CHECK-NEXT:     ^bb0(%x: memref<6xf32>, %y: !dataflow.stream<f32>):
// CHECK-NEXT:       affine.for %i = 0 to 6 {
// CHECK-NEXT:         %0 = affine.load %x[%i] : memref<6xf32>
// CHECK-NEXT:         dataflow.write %0 to %y : f32, !dataflow.stream<f32>
// CHECK:          %x_out = dataflow.stream "x_out" <0:6> : !dataflow.stream<f32>
// CHECK-NEXT:     dataflow.node "scale_kernel" reads(%x_in : !dataflow.stream<f32>) writes(%x_out : !dataflow.stream<f32>) {
// CHECK-NEXT:     ^bb0(%x_in_1: !dataflow.stream<f32>, %x_out_1: !dataflow.stream<f32>):
// CHECK-NEXT:       %x = dataflow.buffer "x" stages 1 : memref<6xf32>
// CHECK-NEXT:       %tmp = dataflow.buffer "tmp" stages 1 : memref<6xf32>
// CHECK-NEXT:       affine.for %f0 = 0 to 6 {
// CHECK-NEXT:         %0 = dataflow.read %x_in_1 : !dataflow.stream<f32> -> f32
// CHECK-NEXT:         affine.store %0, %x[%f0] : memref<6xf32>
// CHECK:            affine.for %i = 0 to 6 {
// CHECK-NEXT:         %v = affine.load %x[%i] : memref<6xf32>
// CHECK-NEXT:         %w = arith.addf %v, %v : f32
// CHECK-NEXT:         affine.store %w, %tmp[%i] : memref<6xf32>
// CHECK:            affine.for %i_1 = 0 to 6 {
// CHECK-NEXT:         %v_1 = affine.load %tmp[%i_1] : memref<6xf32>
// CHECK-NEXT:         affine.store %v_1, %x[%i_1] : memref<6xf32>
// CHECK:            affine.for %d0 = 0 to 6 {
// CHECK-NEXT:         %1 = affine.load %x[%d0] : memref<6xf32>
// CHECK-NEXT:         dataflow.write %1 to %x_out_1 : f32, !dataflow.stream<f32>
// CHECK:          %m_x_5 = dataflow.port %m_x_3 "output" "x" bundle "m_x_2" : memref<6xf32>
// CHECK-NEXT:     dataflow.node "store_x" reads(%x_out : !dataflow.stream<f32>) writes(%m_x_5 : memref<6xf32>) {
// CHECK-NEXT:     ^bb0(%x: !dataflow.stream<f32>, %y: memref<6xf32>):
// CHECK-NEXT:       affine.for %i = 0 to 6 {
// CHECK-NEXT:         %0 = dataflow.read %x : !dataflow.stream<f32> -> f32
// CHECK-NEXT:         affine.store %0, %y[%i] : memref<6xf32>
