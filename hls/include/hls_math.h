// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// The hls:: math functions for C-simulation, on float and double, by the C library. The cores of the device may differ
/// from it in the last bits.
#ifndef HLS_MATH_H
#define HLS_MATH_H

#include <math.h>
#include <stdlib.h>

#include <cmath>

#define DFC_UNARY(NAME)                                    \
  inline float NAME(float x) { return std::NAME(x); }      \
  inline double NAME(double x) { return std::NAME(x); }    \
  inline float NAME##f(float x) { return std::NAME(x); }
#define DFC_BINARY(NAME)                                                \
  inline float NAME(float x, float y) { return std::NAME(x, y); }       \
  inline double NAME(double x, double y) { return std::NAME(x, y); }    \
  inline float NAME##f(float x, float y) { return std::NAME(x, y); }

namespace hls {

DFC_UNARY(exp)
DFC_UNARY(exp2)
DFC_UNARY(expm1)
DFC_UNARY(log)
DFC_UNARY(log2)
DFC_UNARY(log10)
DFC_UNARY(log1p)
DFC_UNARY(sqrt)
DFC_UNARY(cbrt)
DFC_UNARY(sin)
DFC_UNARY(cos)
DFC_UNARY(tan)
DFC_UNARY(asin)
DFC_UNARY(acos)
DFC_UNARY(atan)
DFC_UNARY(sinh)
DFC_UNARY(cosh)
DFC_UNARY(tanh)
DFC_UNARY(asinh)
DFC_UNARY(acosh)
DFC_UNARY(atanh)
DFC_UNARY(erf)
DFC_UNARY(erfc)
DFC_UNARY(fabs)
DFC_UNARY(floor)
DFC_UNARY(ceil)
DFC_UNARY(round)
DFC_UNARY(rint)
DFC_UNARY(trunc)
DFC_BINARY(pow)
DFC_BINARY(atan2)
DFC_BINARY(fmax)
DFC_BINARY(fmin)
DFC_BINARY(fmod)
DFC_BINARY(fdim)
DFC_BINARY(copysign)
DFC_BINARY(hypot)

inline float fma(float x, float y, float z) { return std::fma(x, y, z); }
inline double fma(double x, double y, double z) { return std::fma(x, y, z); }
inline float rsqrt(float x) { return 1.0f / std::sqrt(x); }
inline double rsqrt(double x) { return 1.0 / std::sqrt(x); }
inline float rsqrtf(float x) { return rsqrt(x); }
inline float recip(float x) { return 1.0f / x; }
inline double recip(double x) { return 1.0 / x; }
inline float recipf(float x) { return recip(x); }
inline bool isnan(float x) { return std::isnan(x); }
inline bool isnan(double x) { return std::isnan(x); }
inline bool isinf(float x) { return std::isinf(x); }
inline bool isinf(double x) { return std::isinf(x); }
inline bool isfinite(float x) { return std::isfinite(x); }
inline bool isfinite(double x) { return std::isfinite(x); }

inline float abs(float x) { return std::fabs(x); }
inline double abs(double x) { return std::fabs(x); }
inline int abs(int x) { return x < 0 ? -x : x; }
inline long long abs(long long x) { return x < 0 ? -x : x; }

template <typename T>
T max(T x, T y) {
  return x > y ? x : y;
}
template <typename T>
T min(T x, T y) {
  return x < y ? x : y;
}

}  // namespace hls

#undef DFC_UNARY
#undef DFC_BINARY

#endif
