// RUN: dataflowc-opt -p 'place-memories' %s | filecheck %s

// A scalar is a register, up to 4096 bits are LUT RAM, more is block RAM; on a device with many UltraRAMs large arrays
// go there.

func.func @main() {
  dataflow.schedule {
    dataflow.node "n" {
      %scalar = dataflow.buffer "scalar" stages 1 : memref<f32>
      %small = dataflow.buffer "small" stages 1 : memref<128xf32>
      %one_more = dataflow.buffer "one_more" stages 1 : memref<129xf32>
      %large = dataflow.buffer "large" stages 1 : memref<65536xf32>
    }
  }
  func.return
}

// CHECK:      dataflow.node "n" {
// CHECK-NEXT:   %scalar = dataflow.buffer "scalar" stages 1 in <register, "a scalar"> : memref<f32>
// CHECK-NEXT:   %small = dataflow.buffer "small" stages 1 in <lutram, "4096 bits"> : memref<128xf32>
// CHECK-NEXT:   %one_more = dataflow.buffer "one_more" stages 1 in <bram, "1 BRAM18, 129 x 32 bits"> : memref<129xf32>
// CHECK-NEXT:   %large = dataflow.buffer "large" stages 1 in <uram, "16 URAM keep 3% of them used; 128 BRAM18 would be 7%"> : memref<65536xf32>
