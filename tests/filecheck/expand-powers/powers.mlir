// RUN: dataflowc-opt -p 'expand-powers' %s | filecheck %s

// Powers from 1 to 8 become as few products as squaring allows: 0, 1, 2, 2, 3, 3, 4 and 3.

func.func @main(%x: f32) -> (f32, f32, f32, f32, f32, f32, f32, f32) {
  %n0 = arith.constant 1 : i64
  %p0 = math.fpowi %x, %n0 : f32, i64
  %n1 = arith.constant 2 : i64
  %p1 = math.fpowi %x, %n1 : f32, i64
  %n2 = arith.constant 3 : i64
  %p2 = math.fpowi %x, %n2 : f32, i64
  %n3 = arith.constant 4 : i64
  %p3 = math.fpowi %x, %n3 : f32, i64
  %n4 = arith.constant 5 : i64
  %p4 = math.fpowi %x, %n4 : f32, i64
  %n5 = arith.constant 6 : i64
  %p5 = math.fpowi %x, %n5 : f32, i64
  %n6 = arith.constant 7 : i64
  %p6 = math.fpowi %x, %n6 : f32, i64
  %n7 = arith.constant 8 : i64
  %p7 = math.fpowi %x, %n7 : f32, i64
  func.return %p0, %p1, %p2, %p3, %p4, %p5, %p6, %p7 : f32, f32, f32, f32, f32, f32, f32, f32
}

// CHECK:      %p1 = arith.mulf %x, %x : f32
// CHECK:      %0 = arith.mulf %x, %x : f32
// CHECK-NEXT: %p2 = arith.mulf %x, %0 : f32
// CHECK:      %1 = arith.mulf %x, %x : f32
// CHECK-NEXT: %p3 = arith.mulf %1, %1 : f32
// CHECK:      %2 = arith.mulf %x, %x : f32
// CHECK-NEXT: %3 = arith.mulf %2, %2 : f32
// CHECK-NEXT: %p4 = arith.mulf %x, %3 : f32
// CHECK:      %4 = arith.mulf %x, %x : f32
// CHECK-NEXT: %5 = arith.mulf %4, %4 : f32
// CHECK-NEXT: %p5 = arith.mulf %4, %5 : f32
// CHECK:      %6 = arith.mulf %x, %x : f32
// CHECK-NEXT: %7 = arith.mulf %x, %6 : f32
// CHECK-NEXT: %8 = arith.mulf %6, %6 : f32
// CHECK-NEXT: %p6 = arith.mulf %7, %8 : f32
// CHECK:      %9 = arith.mulf %x, %x : f32
// CHECK-NEXT: %10 = arith.mulf %9, %9 : f32
// CHECK-NEXT: %p7 = arith.mulf %10, %10 : f32
// CHECK-NEXT: func.return %x, %p1, %p2, %p3, %p4, %p5, %p6, %p7 : f32, f32, f32, f32, f32, f32, f32, f32
