// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// Processes as coroutines on one thread: deterministic, with real FIFO depths, and with an explanation of a deadlock.
///
/// A process runs until it must wait, so switches are as rare as the depths allow. When nothing can run, the waits are
/// written down; then full FIFOs are made wider, smallest first, to see which depths would have been enough
/// (T. M. Parks, Bounded Scheduling of Process Networks, 1995). The run has failed in any case.
#ifndef DFC_PROCESS_H
#define DFC_PROCESS_H

#include <stddef.h>

#include <functional>
#include <initializer_list>

#include "dfc_runtime.h"

namespace dfc {

struct Process;

/// The process that runs now; null outside `run`.
extern Process* current;

/// Registers a process that may start when all processes named in `after` have finished.
void process(const char* name, std::initializer_list<const char*> after, std::function<void()> body);

/// Runs all registered processes to their end and forgets them. What goes wrong is counted in `errors`.
void run();

/// Lets the other processes run; for polling.
void give_way();

/// What the scheduler knows of a stream, whatever its element type.
class Fifo {
 public:
  Fifo(const char* name, size_t depth);
  virtual ~Fifo();

 protected:
  friend class Scheduler;

  void wait_for_data();
  void wait_for_room();
  void wake_reader();
  void wake_writer();
  void claim_read();
  void claim_write();
  virtual void enlarge(size_t capacity) = 0;

  char name_[64];
  size_t depth_;
  size_t capacity_;
  size_t count_ = 0;
  size_t peak_ = 0;
  size_t tokens_ = 0;
  Process* producer_ = nullptr;
  Process* consumer_ = nullptr;
  Process* waiting_reader_ = nullptr;
  Process* waiting_writer_ = nullptr;
};

}  // namespace dfc

#endif
