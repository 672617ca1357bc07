// RUN: not dataflowc-opt -p 'lift-affine' %s | filecheck %s

// Bounds from outside, branches with values, and counters below 0 that are divided.

func.func @bad(%n: index, %x: memref<6xf32>, %y: memref<6xf32>) {
  affine.for %i = -2 to 4 {
    %v = affine.load %x[%i mod 6] : memref<6xf32>
    %w = "affine.if"(%i) <{condition = affine_set<(d0) : (d0 - 1 >= 0)>}> ({
      affine.yield %v : f32
    }, {
      %z = arith.constant 0.0 : f32
      affine.yield %z : f32
    }) : (index) -> f32
    affine.store %w, %y[%i + 2] : memref<6xf32>
  }
  func.return
}

// CHECK: error[DF160]: the kernel uses what cannot be lowered
// CHECK: note: the argument n of type index: only arrays and numbers come from outside
// CHECK: note: affine.for that starts below 0, in a kernel with floordiv, ceildiv or mod: start it at 0
// CHECK: note: affine.if with results: store the value in an array instead
