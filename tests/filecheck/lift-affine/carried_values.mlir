// RUN: dataflowc-opt -p 'lift-affine' %s | filecheck %s

// Values that a loop carries are kept in registers; all are loaded before one is stored.

func.func @sums(%x: memref<6xf32>, %y: memref<2xf32>) {
  %z = arith.constant 0.0 : f32
  %r, %q = affine.for %i = 0 to 6 iter_args(%s = %z, %p = %z) -> (f32, f32) {
    %v = affine.load %x[%i] : memref<6xf32>
    %t = arith.addf %s, %v : f32
    affine.yield %t, %s : f32, f32
  }
  affine.store %r, %y[0] : memref<2xf32>
  affine.store %q, %y[1] : memref<2xf32>
  func.return
}

// CHECK:      dataflow.node "sums_kernel"
// CHECK:        %s = dataflow.buffer "s" stages 1 : memref<f32>
// CHECK-NEXT:   %p = dataflow.buffer "p" stages 1 : memref<f32>
// CHECK:        %z = arith.constant 0.000000e+00 : f32
// CHECK-NEXT:   affine.store %z, %s[] : memref<f32>
// CHECK-NEXT:   affine.store %z, %p[] : memref<f32>
// CHECK-NEXT:   affine.for %i = 0 to 6 {
// CHECK-NEXT:     %s_1 = affine.load %s[] : memref<f32>
// CHECK-NEXT:     %p_1 = affine.load %p[] : memref<f32>
// CHECK-NEXT:     %v = affine.load %x[%i] : memref<6xf32>
// CHECK-NEXT:     %t = arith.addf %s_1, %v : f32
// CHECK-NEXT:     affine.store %t, %s[] : memref<f32>
// CHECK-NEXT:     affine.store %s_1, %p[] : memref<f32>
// CHECK-NEXT:   }
// CHECK-NEXT:   %r = affine.load %s[] : memref<f32>
// CHECK-NEXT:   %q = affine.load %p[] : memref<f32>
// CHECK-NEXT:   affine.store %r, %y[0] : memref<2xf32>
// CHECK-NEXT:   affine.store %q, %y[1] : memref<2xf32>
