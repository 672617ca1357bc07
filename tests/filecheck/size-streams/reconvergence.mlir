// RUN: dataflowc-opt -p 'size-streams' %s | filecheck %s

// The divider waits for the sum of all 50 tokens; the stream around the sum holds them meanwhile.

func.func @main() {
  dataflow.schedule {
    %x = dataflow.stream "x" <0:50> : !dataflow.stream<f32>
    %skip = dataflow.stream "skip" <0:50> : !dataflow.stream<f32>
    %all = dataflow.stream "all" <0:50> : !dataflow.stream<f32>
    %total = dataflow.stream "total" <0:1> : !dataflow.stream<f32>
    dataflow.node "make_x" writes(%x : !dataflow.stream<f32>) {
    ^bb0(%x_: !dataflow.stream<f32>):
      %k = arith.constant 1.0 : f32
      affine.for %i = 0 to 50 {
        dataflow.write %k to %x_ : f32, !dataflow.stream<f32>
      }
    }
    dataflow.node "fork" reads(%x : !dataflow.stream<f32>) writes(%skip, %all : !dataflow.stream<f32>, !dataflow.stream<f32>) {
    ^bb0(%x_: !dataflow.stream<f32>, %skip_: !dataflow.stream<f32>, %all_: !dataflow.stream<f32>):
      affine.for %i = 0 to 50 {
        %v = dataflow.read %x_ : !dataflow.stream<f32> -> f32
        dataflow.write %v to %skip_ : f32, !dataflow.stream<f32>
        dataflow.write %v to %all_ : f32, !dataflow.stream<f32>
      }
    }
    dataflow.node "sum" reads(%all : !dataflow.stream<f32>) writes(%total : !dataflow.stream<f32>) {
    ^bb0(%all_: !dataflow.stream<f32>, %total_: !dataflow.stream<f32>):
      affine.for %i = 0 to 50 {
        %v = dataflow.read %all_ : !dataflow.stream<f32> -> f32
      }
      %k = arith.constant 1.0 : f32
      dataflow.write %k to %total_ : f32, !dataflow.stream<f32>
    }
    dataflow.node "divide" reads(%total, %skip : !dataflow.stream<f32>, !dataflow.stream<f32>) {
    ^bb0(%total_: !dataflow.stream<f32>, %skip_: !dataflow.stream<f32>):
      %t = dataflow.read %total_ : !dataflow.stream<f32> -> f32
      affine.for %i = 0 to 50 {
        %v = dataflow.read %skip_ : !dataflow.stream<f32> -> f32
      }
    }
  }
  func.return
}

// CHECK:      %x = dataflow.stream "x" <0:50> depth <32, "a shift register up to 1024 bits"> : !dataflow.stream<f32>
// CHECK-NEXT: %skip = dataflow.stream "skip" <0:50> depth <52, "50 tokens in flight where paths meet again, 2 spare"> : !dataflow.stream<f32>
// CHECK-NEXT: %all = dataflow.stream "all" <0:50> depth <32, "a shift register up to 1024 bits"> : !dataflow.stream<f32>
// CHECK-NEXT: %total = dataflow.stream "total" <0:1> depth <32, "a shift register up to 1024 bits"> : !dataflow.stream<f32>
