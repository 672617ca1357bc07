// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// hls::vector for C-simulation: a contiguous array of N elements with element-wise operators, aligned to its size
/// rounded up to a power of two.
#ifndef HLS_VECTOR_H
#define HLS_VECTOR_H

#include <stddef.h>

#include <initializer_list>

namespace hls {
namespace detail {
constexpr size_t power_of_two(size_t bytes) {
  size_t result = 1;
  while (result < bytes) result *= 2;
  return result;
}
}  // namespace detail

template <typename T, size_t N>
class alignas(detail::power_of_two(N * sizeof(T))) vector {
 public:
  using value_type = T;
  static constexpr size_t width = N;

  vector() = default;
  vector(const T& value) {
    for (size_t i = 0; i < N; ++i) data_[i] = value;
  }
  vector(std::initializer_list<T> values) {
    size_t i = 0;
    for (const T& value : values) {
      if (i < N) data_[i++] = value;
    }
    for (; i < N; ++i) data_[i] = T();
  }

  T& operator[](size_t i) { return data_[i]; }
  const T& operator[](size_t i) const { return data_[i]; }
  static constexpr size_t size() { return N; }
  T* begin() { return data_; }
  T* end() { return data_ + N; }
  const T* begin() const { return data_; }
  const T* end() const { return data_ + N; }

#define DFC_ELEMENTWISE(OP)                                              \
  vector& operator OP##=(const vector& other) {                          \
    for (size_t i = 0; i < N; ++i) data_[i] OP##= other.data_[i];       \
    return *this;                                                        \
  }                                                                      \
  friend vector operator OP(vector left, const vector& right) {          \
    left OP##= right;                                                   \
    return left;                                                         \
  }
  DFC_ELEMENTWISE(+)
  DFC_ELEMENTWISE(-)
  DFC_ELEMENTWISE(*)
  DFC_ELEMENTWISE(/)
  DFC_ELEMENTWISE(%)
  DFC_ELEMENTWISE(&)
  DFC_ELEMENTWISE(|)
  DFC_ELEMENTWISE(^)
  DFC_ELEMENTWISE(<<)
  DFC_ELEMENTWISE(>>)
#undef DFC_ELEMENTWISE

  friend bool operator==(const vector& left, const vector& right) {
    for (size_t i = 0; i < N; ++i) {
      if (!(left.data_[i] == right.data_[i])) return false;
    }
    return true;
  }
  friend bool operator!=(const vector& left, const vector& right) { return !(left == right); }

#define DFC_REDUCE(NAME, OP)                                          \
  T NAME() const {                                                    \
    T result = data_[0];                                              \
    for (size_t i = 1; i < N; ++i) result = result OP data_[i];       \
    return result;                                                    \
  }
  DFC_REDUCE(reduce_add, +)
  DFC_REDUCE(reduce_mult, *)
  DFC_REDUCE(reduce_and, &)
  DFC_REDUCE(reduce_or, |)
  DFC_REDUCE(reduce_xor, ^)
#undef DFC_REDUCE

 private:
  T data_[N];
};

}  // namespace hls

#endif
