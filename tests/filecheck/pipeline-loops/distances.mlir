// RUN: dataflowc-opt -p 'lift-affine,pipeline-loops{target=u250}' %s | filecheck %s

// Two sums whose element comes back in the next iteration, by a shifted and by a divided subscript. A subscript that
// is not linear counts as distance 1.

func.func @main(%a: memref<64xf32>, %p: memref<64xf32>, %q: memref<2xf32>) {
  affine.for %i = 1 to 64 {
    %v = affine.load %a[%i] : memref<64xf32>
    %w = affine.load %p[%i - 1] : memref<64xf32>
    %s = arith.addf %v, %w : f32
    affine.store %s, %p[%i] : memref<64xf32>
  }
  affine.for %i = 0 to 64 {
    %v = affine.load %a[%i] : memref<64xf32>
    %w = affine.load %q[%i floordiv 32] : memref<2xf32>
    %s = arith.addf %v, %w : f32
    affine.store %s, %q[%i floordiv 32] : memref<2xf32>
  }
  func.return
}

// CHECK: cycles over distance 1
// CHECK: cycles over distance 1
