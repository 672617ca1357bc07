// RUN: dataflowc-opt -p 'expand-powers' %s | filecheck %s

// Other powers stay: 0, 9, negative ones, and those that are not constant.

func.func @main(%x: f32, %n: i64) -> (f32, f32, f32, f32) {
  %n0 = arith.constant 0 : i64
  %p0 = math.fpowi %x, %n0 : f32, i64
  %n1 = arith.constant 9 : i64
  %p1 = math.fpowi %x, %n1 : f32, i64
  %n2 = arith.constant -1 : i64
  %p2 = math.fpowi %x, %n2 : f32, i64
  %q = math.fpowi %x, %n : f32, i64
  func.return %p0, %p1, %p2, %q : f32, f32, f32, f32
}

// CHECK:      %p0 = math.fpowi %x, %n0 : f32, i64
// CHECK:      %p1 = math.fpowi %x, %n1 : f32, i64
// CHECK:      %p2 = math.fpowi %x, %n2 : f32, i64
// CHECK-NEXT: %q = math.fpowi %x, %n : f32, i64
// CHECK-NEXT: func.return %p0, %p1, %p2, %q : f32, f32, f32, f32
