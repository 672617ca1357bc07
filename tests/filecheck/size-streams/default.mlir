// RUN: dataflowc-opt -p 'size-streams' %s | filecheck %s

// A chain needs no more than a shift register gives: 1024 bits, at most 32 tokens.

func.func @main() {
  dataflow.schedule {
    %a = dataflow.stream "a" <0:100> : !dataflow.stream<f32>
    %b = dataflow.stream "b" <0:100> : !dataflow.stream<f64>
    dataflow.node "make_a" writes(%a : !dataflow.stream<f32>) {
    ^bb0(%a_: !dataflow.stream<f32>):
      %k = arith.constant 1.0 : f32
      affine.for %i = 0 to 100 {
        dataflow.write %k to %a_ : f32, !dataflow.stream<f32>
      }
    }
    dataflow.node "widen" reads(%a : !dataflow.stream<f32>) writes(%b : !dataflow.stream<f64>) {
    ^bb0(%a_: !dataflow.stream<f32>, %b_: !dataflow.stream<f64>):
      affine.for %i = 0 to 100 {
        %v = dataflow.read %a_ : !dataflow.stream<f32> -> f32
        %w = arith.extf %v : f32 to f64
        dataflow.write %w to %b_ : f64, !dataflow.stream<f64>
      }
    }
    dataflow.node "drop_b" reads(%b : !dataflow.stream<f64>) {
    ^bb0(%b_: !dataflow.stream<f64>):
      affine.for %i = 0 to 100 {
        %v = dataflow.read %b_ : !dataflow.stream<f64> -> f64
      }
    }
  }
  func.return
}

// CHECK:      %a = dataflow.stream "a" <0:100> depth <32, "a shift register up to 1024 bits"> : !dataflow.stream<f32>
// CHECK-NEXT: %b = dataflow.stream "b" <0:100> depth <32, "a shift register up to 1024 bits"> : !dataflow.stream<f64>
