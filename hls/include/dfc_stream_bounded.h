// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// The bounded stream: a ring of the real depth; a process that cannot go on gives way to another one.
#ifndef DFC_STREAM_BOUNDED_H
#define DFC_STREAM_BOUNDED_H

#include <memory>
#include <utility>

#include "dfc_process.h"

namespace hls {

template <typename T>
class stream<T, 0> : public dfc::Fifo {
 public:
  /// A depth of 0 means that none was given: synthesis makes it 2.
  explicit stream(const char* name = "unnamed", int depth = 0)
      : dfc::Fifo(name, depth > 0 ? depth : 2), ring_(new T[capacity_]) {}
  stream(const stream&) = delete;
  stream& operator=(const stream&) = delete;

  void write(const T& value) {
    if (producer_ != dfc::current) claim_write();
    while (count_ == capacity_) wait_for_room();
    ring_[tail_] = value;
    if (++tail_ == capacity_) tail_ = 0;
    ++tokens_;
    if (++count_ > peak_) peak_ = count_;
    if (waiting_reader_ != nullptr) wake_reader();
  }

  T read() {
    if (consumer_ != dfc::current) claim_read();
    while (count_ == 0) wait_for_data();
    T value = std::move(ring_[head_]);
    if (++head_ == capacity_) head_ = 0;
    --count_;
    if (waiting_writer_ != nullptr) wake_writer();
    return value;
  }

  void read(T& value) { value = read(); }

  /// A failed attempt gives way, so that a polling loop does not starve the others.
  bool read_nb(T& value) {
    if (count_ == 0) {
      dfc::give_way();
      return false;
    }
    value = read();
    return true;
  }

  bool write_nb(const T& value) {
    if (count_ == capacity_) {
      dfc::give_way();
      return false;
    }
    write(value);
    return true;
  }

  void operator<<(const T& value) { write(value); }
  void operator>>(T& value) { value = read(); }
  bool empty() const { return count_ == 0; }
  bool full() const { return count_ == capacity_; }
  size_t size() const { return count_; }

 private:
  void enlarge(size_t capacity) override {
    std::unique_ptr<T[]> wider(new T[capacity]);
    for (size_t i = 0; i < count_; ++i) wider[i] = std::move(ring_[(head_ + i) % capacity_]);
    ring_ = std::move(wider);
    head_ = 0;
    tail_ = count_;
    capacity_ = capacity;
  }

  std::unique_ptr<T[]> ring_;
  size_t head_ = 0;
  size_t tail_ = 0;
};

}  // namespace hls

#endif
