// RUN: dataflowc-opt -p 'place-memories{target=pynq-z2}' %s | filecheck %s

// A device without UltraRAM keeps all of them in block RAM.

func.func @main() {
  dataflow.schedule {
    dataflow.node "n" {
      %large = dataflow.buffer "large" stages 1 : memref<65536xf32>
      %larger = dataflow.buffer "larger" stages 1 : memref<131072xf32>
    }
  }
  func.return
}

// CHECK:      dataflow.node "n" {
// CHECK-NEXT:   %large = dataflow.buffer "large" stages 1 in <bram, "128 BRAM18, 65536 x 32 bits"> : memref<65536xf32>
// CHECK-NEXT:   %larger = dataflow.buffer "larger" stages 1 in <bram, "256 BRAM18, 131072 x 32 bits"> : memref<131072xf32>
