// RUN: not dataflowc-opt -p 'size-streams' %s | filecheck %s

// Two nodes that wait for each other: no depth helps, and the error says who waits for what.

func.func @main() {
  dataflow.schedule {
    %a = dataflow.stream "a" <0:4> : !dataflow.stream<f32>
    %b = dataflow.stream "b" <0:4> : !dataflow.stream<f32>
    dataflow.node "hen" reads(%a : !dataflow.stream<f32>) writes(%b : !dataflow.stream<f32>) {
    ^bb0(%a_: !dataflow.stream<f32>, %b_: !dataflow.stream<f32>):
      affine.for %i = 0 to 4 {
        %v = dataflow.read %a_ : !dataflow.stream<f32> -> f32
        dataflow.write %v to %b_ : f32, !dataflow.stream<f32>
      }
    }
    dataflow.node "egg" reads(%b : !dataflow.stream<f32>) writes(%a : !dataflow.stream<f32>) {
    ^bb0(%b_: !dataflow.stream<f32>, %a_: !dataflow.stream<f32>):
      affine.for %i = 0 to 4 {
        %v = dataflow.read %b_ : !dataflow.stream<f32> -> f32
        dataflow.write %v to %a_ : f32, !dataflow.stream<f32>
      }
    }
  }
  func.return
}

// CHECK: error[DF301]: the design deadlocks at any FIFO depth
// CHECK: note: 'egg' waits for 'a' (empty)
