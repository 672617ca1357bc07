// RUN: dataflowc-opt -p 'lift-affine' %s | filecheck %s

// An allocation in a loop is a local buffer of the node, whose contents no iteration reads before it wrote them.

func.func @copy(%x: memref<6xf32>, %y: memref<6xf32>) {
  affine.for %i = 0 to 6 {
    %t = memref.alloc() : memref<1xf32>
    %v = affine.load %x[%i] : memref<6xf32>
    affine.store %v, %t[0] : memref<1xf32>
    %w = affine.load %t[0] : memref<1xf32>
    affine.store %w, %y[%i] : memref<6xf32>
    memref.dealloc %t : memref<1xf32>
  }
  func.return
}

// CHECK:      dataflow.node "copy_kernel"
// CHECK:        %t = dataflow.buffer "t" stages 1 : memref<1xf32>
// CHECK:        affine.for %i = 0 to 6 {
// CHECK-NEXT:     %v = affine.load %x[%i] : memref<6xf32>
// CHECK-NEXT:     affine.store %v, %t[0] : memref<1xf32>
// CHECK-NEXT:     %w = affine.load %t[0] : memref<1xf32>
// CHECK-NEXT:     affine.store %w, %y[%i] : memref<6xf32>
// CHECK-NEXT:   }
