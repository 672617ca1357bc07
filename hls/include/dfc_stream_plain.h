// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// The unbounded stream. Elements sit in a list of chunks: a write or read is a compare and a move of one pointer, and
/// nothing is ever copied to grow. Chunks are recycled per element type; the simulation has one thread.
#ifndef DFC_STREAM_PLAIN_H
#define DFC_STREAM_PLAIN_H

#include <stddef.h>
#include <stdio.h>

#include <utility>

#include "dfc_runtime.h"

namespace hls {

template <typename T>
class stream<T, 0> {
 public:
  explicit stream(const char* name = "unnamed") { snprintf(name_, sizeof name_, "%s", name); }
  stream(const char* name, int) : stream(name) {}
  stream(const stream&) = delete;
  stream& operator=(const stream&) = delete;

  ~stream() {
    if (!empty()) dfc::error("leftover: stream '%s' still holds %zu elements at the end of the call", name_, size());
    while (head_ != nullptr) recycle();
  }

  void write(const T& value) {
    if (write_ == write_end_) grow();
    *write_++ = value;
  }

  /// The default argument names the calling function: the process, in emitted code.
  T read(const char* process = __builtin_FUNCTION()) {
    if (read_ == read_end_ && !refill()) dfc::fatal("empty read: process '%s' reads stream '%s'", process, name_);
    return std::move(*read_++);
  }

  void read(T& value, const char* process = __builtin_FUNCTION()) { value = read(process); }

  bool read_nb(T& value) {
    if (empty()) return false;
    value = read();
    return true;
  }

  bool write_nb(const T& value) {
    write(value);
    return true;
  }

  void operator<<(const T& value) { write(value); }
  void operator>>(T& value) { value = read(); }

  /// Only a write adds a chunk, so more than one chunk means data.
  bool empty() const { return head_ == tail_ && read_ == write_; }
  bool full() const { return false; }

  size_t size() const {
    if (head_ == tail_) return write_ - read_;
    size_t count = (head_->data + CHUNK - read_) + (write_ - tail_->data);
    for (const Chunk* chunk = head_->next; chunk != tail_; chunk = chunk->next) count += CHUNK;
    return count;
  }

 private:
  /// About 64 KiB: one tensor row is one chunk, and a chunk stays in the second-level cache.
  static constexpr size_t CHUNK = sizeof(T) >= 4096 ? 16 : 65536 / sizeof(T);

  struct Chunk {
    Chunk* next;
    T data[CHUNK];
  };

  __attribute__((noinline)) void grow() {
    Chunk* chunk = spare_;
    if (chunk != nullptr) {
      spare_ = chunk->next;
    } else {
      chunk = new Chunk;
    }
    chunk->next = nullptr;
    if (tail_ != nullptr) {
      tail_->next = chunk;
    } else {
      head_ = chunk;
      read_ = read_end_ = chunk->data;
    }
    tail_ = chunk;
    write_ = chunk->data;
    write_end_ = chunk->data + CHUNK;
  }

  /// Moves the read window forward; false if there is nothing to read.
  __attribute__((noinline)) bool refill() {
    if (empty()) return false;
    if (head_ != tail_ && read_ == head_->data + CHUNK) {
      recycle();
      read_ = head_->data;
    }
    read_end_ = head_ == tail_ ? write_ : head_->data + CHUNK;
    return true;
  }

  void recycle() {
    Chunk* chunk = head_;
    head_ = chunk->next;
    chunk->next = spare_;
    spare_ = chunk;
  }

  static inline Chunk* spare_ = nullptr;
  T* read_ = nullptr;
  T* read_end_ = nullptr;
  T* write_ = nullptr;
  T* write_end_ = nullptr;
  Chunk* head_ = nullptr;
  Chunk* tail_ = nullptr;
  char name_[64];
};

}  // namespace hls

#endif
