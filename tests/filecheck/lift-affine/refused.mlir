// RUN: not dataflowc-opt -p 'lift-affine' %s | filecheck %s

// Everything that has no place in a kernel is listed in one error.

func.func @bad(%x: memref<6xf32>) -> f32 {
  %c = arith.constant 0 : index
  %v = memref.load %x[%c] : memref<6xf32>
  %n = memref.alloc(%c) : memref<?xf32>
  func.return %v : f32
}

// CHECK: error[DF160]: the kernel uses what cannot be lowered
// CHECK: --> (bad)
// CHECK: note: memref.load: use affine.load and affine.store
// CHECK: note: memref.alloc: the shape memref<?xf32> is not static
// CHECK: note: func.return gives values; write results into an argument instead
// CHECK: help: bring the function into affine form (static shapes, affine subscripts, no calls)
