// RUN: dataflowc-opt -p 'lift-affine' %s | filecheck %s

// A number comes through a port of one element and is taken before the arrays are filled.

func.func @scale(%alpha: f32, %x: memref<6xf32>, %y: memref<6xf32>) {
  affine.for %i = 0 to 6 {
    %v = affine.load %x[%i] : memref<6xf32>
    %w = arith.mulf %v, %alpha : f32
    affine.store %w, %y[%i] : memref<6xf32>
  }
  func.return
}

// CHECK:      func.func @scale(%m_alpha: memref<1xf32> {dataflow.role = "input", dataflow.name = "alpha"}, %m_x: memref<6xf32>
// CHECK:        dataflow.stream "alpha_in" <0:1> : !dataflow.stream<f32>
// CHECK:        dataflow.node "load_alpha"
// CHECK:        dataflow.node "scale_kernel" reads(%alpha_in, %x_in : !dataflow.stream<f32>, !dataflow.stream<f32>)
// CHECK:          [[ALPHA:%\d+]] = dataflow.read %alpha_in_1 : !dataflow.stream<f32> -> f32
// CHECK-NEXT:     affine.for %f0 = 0 to 6 {
// CHECK:            %w = arith.mulf %v, [[ALPHA]] : f32
