// RUN: dataflowc-opt -p expand-powers %s | filecheck %s

func.func @main(%x: f32) -> f32 {
  %y = math.rsqrt %x : f32
  func.return %y : f32
}

// CHECK:       %[[ONE:\d+]] = arith.constant 1.000000e+00 : f32
// CHECK-NEXT:  %[[ROOT:\d+]] = math.sqrt %x : f32
// CHECK-NEXT:  %{{.*}} = arith.divf %[[ONE]], %[[ROOT]] : f32
