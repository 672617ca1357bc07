// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// Errors and the big stack (dfc_runtime.h), for every mode.
#include "dfc_runtime.h"

#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>

namespace dfc {
namespace {

int error_count = 0;

void print(const char* format, va_list arguments) {
  fflush(stdout);
  fputs("error: ", stderr);
  vfprintf(stderr, format, arguments);
  fputc('\n', stderr);
}

struct Call {
  void (*body)(void*);
  void* argument;
};

void* run_call(void* call) {
  static_cast<Call*>(call)->body(static_cast<Call*>(call)->argument);
  return nullptr;
}

}  // namespace

void error(const char* format, ...) {
  ++error_count;
  va_list arguments;
  va_start(arguments, format);
  print(format, arguments);
  va_end(arguments);
}

void fatal(const char* format, ...) {
  va_list arguments;
  va_start(arguments, format);
  print(format, arguments);
  va_end(arguments);
  _Exit(1);
}

int errors() { return error_count; }

void on_big_stack(void (*body)(void*), void* argument) {
  // Reserved, not committed: only touched pages cost memory. Halved where the system allows less.
  size_t bytes = size_t{4} << 30;
  void* stack = MAP_FAILED;
  for (; stack == MAP_FAILED && bytes >= (size_t{64} << 20); bytes /= 2) {
    stack = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (stack != MAP_FAILED) break;
  }
  if (stack == MAP_FAILED) fatal("stack: the system gives no address space for a simulation stack");
  Call call = {body, argument};
  pthread_attr_t attributes;
  pthread_t thread;
  pthread_attr_init(&attributes);
  if (pthread_attr_setstack(&attributes, stack, bytes) != 0 ||
      pthread_create(&thread, &attributes, run_call, &call) != 0) {
    fatal("stack: no thread with a stack of %zu bytes", bytes);
  }
  pthread_join(thread, nullptr);
  pthread_attr_destroy(&attributes);
  munmap(stack, bytes);
}

#ifndef DFC_BOUNDED
void write_occupancy(const char* path) {
  FILE* file = fopen(path, "w");
  if (file == nullptr) fatal("cannot write %s", path);
  fputs("{}\n", file);
  fclose(file);
}
#endif

}  // namespace dfc
