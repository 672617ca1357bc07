// RUN: dataflowc-opt -p 'size-streams' %s | filecheck %s

// A chain needs no more than a shift register gives: 1024 bits, at most 32 tokens.

func.func @main() {
  dataflow.schedule {
    %a = dataflow.stream "a" <0:100> : !dataflow.stream<f32>
    %b = dataflow.stream "b" <0:100> : !dataflow.stream<i64>
    dataflow.node "make_a" writes(%a : !dataflow.stream<f32>) {
    ^bb0(%a_: !dataflow.stream<f32>):
      %k = arith.constant 1.0 : f32
      affine.for %i = 0 to 100 {
        dataflow.write %k to %a_ : f32, !dataflow.stream<f32>
      }
    }
    dataflow.node "widen" reads(%a : !dataflow.stream<f32>) writes(%b : !dataflow.stream<i64>) {
    ^bb0(%a_: !dataflow.stream<f32>, %b_: !dataflow.stream<i64>):
      affine.for %i = 0 to 100 {
        %v = dataflow.read %a_ : !dataflow.stream<f32> -> f32
        %w = arith.fptosi %v : f32 to i64
        dataflow.write %w to %b_ : i64, !dataflow.stream<i64>
      }
    }
    dataflow.node "drop_b" reads(%b : !dataflow.stream<i64>) {
    ^bb0(%b_: !dataflow.stream<i64>):
      affine.for %i = 0 to 100 {
        %v = dataflow.read %b_ : !dataflow.stream<i64> -> i64
      }
    }
  }
  func.return
}

// CHECK:      %a = dataflow.stream "a" <0:100> depth <32, "a shift register up to 1024 bits"> : !dataflow.stream<f32>
// CHECK-NEXT: %b = dataflow.stream "b" <0:100> depth <16, "a shift register up to 1024 bits"> : !dataflow.stream<i64>
