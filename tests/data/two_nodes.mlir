// A sound schedule: one node loads x into a stream, the other scales it by a weight and stores y.
func.func @main(%x: memref<8xf32>, %w: memref<8xf32>, %y: memref<8xf32>) {
  dataflow.schedule(%x, %w, %y : memref<8xf32>, memref<8xf32>, memref<8xf32>) {
  ^bb0(%xa: memref<8xf32>, %wa: memref<8xf32>, %ya: memref<8xf32>):
    %xp = dataflow.port %xa "input" "x" bundle "gmem_x" : memref<8xf32>
    %wp = dataflow.port %wa "weight" "fc.weight" bundle "gmem_w" : memref<8xf32>
    %yp = dataflow.port %ya "output" "y" bundle "gmem_y" : memref<8xf32>
    %s = dataflow.stream "s" <0:8> depth <2, "why"> : !dataflow.stream<f32>
    dataflow.node "load" reads(%xp : memref<8xf32>) writes(%s : !dataflow.stream<f32>) {
    ^bb0(%a: memref<8xf32>, %b: !dataflow.stream<f32>):
      affine.for %i = 0 to 8 {
        %v = affine.load %a[%i] : memref<8xf32>
        dataflow.write %v to %b : f32, !dataflow.stream<f32>
      }
    }
    dataflow.node "scale" reads(%s, %wp : !dataflow.stream<f32>, memref<8xf32>) writes(%yp : memref<8xf32>) {
    ^bb0(%a: !dataflow.stream<f32>, %w0: memref<8xf32>, %b: memref<8xf32>):
      affine.for %i = 0 to 8 step 2 {
        affine.for %j = 0 to 2 {
          %v = dataflow.read %a : !dataflow.stream<f32> -> f32
          %k = affine.load %w0[%i] : memref<8xf32>
          %p = arith.mulf %v, %k : f32
          affine.store %p, %b[%i] : memref<8xf32>
        }
      }
    }
  }
  func.return
}
