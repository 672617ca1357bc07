// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// What the simulation headers and the testbench share: errors that count, and a stack for arrays of any size.
#ifndef DFC_RUNTIME_H
#define DFC_RUNTIME_H

namespace dfc {

/// Prints `error: ...` to stderr and counts it; the testbench returns 1 if the count is not 0.
void error(const char* format, ...) __attribute__((format(printf, 1, 2), cold));

/// Prints `error: ...` to stderr and ends the program with exit code 1.
[[noreturn]] void fatal(const char* format, ...) __attribute__((format(printf, 1, 2), cold));

/// Errors so far.
int errors();

/// Runs `body(argument)` on a thread whose stack is gigabytes of reserved addresses: local arrays of a top function
/// are memories on the chip, and often larger than a normal stack.
void on_big_stack(void (*body)(void*), void* argument);

/// The same for anything callable without arguments.
template <typename Body>
void on_big_stack(Body& body) {
  on_big_stack([](void* argument) { (*static_cast<Body*>(argument))(); }, &body);
}

/// Writes the peak occupancy of every bounded stream as JSON; an empty object in plain mode.
void write_occupancy(const char* path);

}  // namespace dfc

#endif
