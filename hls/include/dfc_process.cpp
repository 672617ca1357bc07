// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// \file
/// The coroutine scheduler (dfc_process.h). Used with DFC_BOUNDED only.
// The checked longjmp refuses to jump between stacks.
#undef _FORTIFY_SOURCE

#include "dfc_process.h"

#include <setjmp.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <ucontext.h>

#include <algorithm>
#include <deque>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace dfc {

enum class Wait { none, data, room, processes };

/// Reserved per process; a process may keep a whole weight tensor in a local array.
constexpr size_t STACK_BYTES = size_t{256} << 20;
constexpr size_t GUARD_BYTES = size_t{1} << 16;

/// A FIFO that needs more than this to get over a deadlock is not a matter of depth.
constexpr size_t WIDEST_FIFO = size_t{1} << 24;

struct Process {
  std::string name;
  std::vector<std::string> after;
  std::function<void()> body;
  Wait wait = Wait::none;
  Fifo* fifo = nullptr;
  bool started = false;
  bool finished = false;
  jmp_buf state;
  void* stack = nullptr;
};

Process* current = nullptr;

namespace {

struct Record {
  size_t depth, peak, tokens;
};
std::map<std::string, Record> records;

}  // namespace

/// One run of all registered processes.
class Scheduler {
 public:
  void add(const char* name, std::initializer_list<const char*> after, std::function<void()> body) {
    if (ran_) processes_.clear();
    ran_ = false;
    std::unique_ptr<Process> process(new Process);
    process->name = name;
    process->after.assign(after.begin(), after.end());
    process->body = std::move(body);
    processes_.push_back(std::move(process));
  }

  void run() {
    if (current != nullptr) fatal("dfc::run inside process '%s'", current->name.c_str());
    for (auto& process : processes_) {
      map_stack(*process);
      process->wait = Wait::processes;
    }
    start_unblocked();
    run_ready();
    if (!all_finished()) explain();
    for (auto& process : processes_) munmap(process->stack, STACK_BYTES);
    ran_ = true;  // the names live on for the streams, which outlive the run
  }

  void wait_for(Fifo* fifo, Wait wait) {
    if (current == nullptr) fatal("stream '%s' must wait, and is used outside all processes", fifo->name_);
    Process* self = current;
    self->wait = wait;
    self->fifo = fifo;
    (wait == Wait::data ? fifo->waiting_reader_ : fifo->waiting_writer_) = self;
    leave(self);
  }

  void wake(Process*& waiting) {
    waiting->wait = Wait::none;
    ready_.push_back(waiting);
    waiting = nullptr;
  }

  void give_way() {
    if (current == nullptr) return;
    ready_.push_back(current);
    leave(current);
  }

  /// Called on the stack of a process, by its first switch.
  static void enter();

  static const char* name_of(const Process* process) { return process == nullptr ? "nobody yet" : process->name.c_str(); }

 private:
  /// What a process waited for when nothing could run any more.
  struct Stall {
    Process* process;
    Wait wait;
    Fifo* fifo;
    size_t count;
    const Process* dependency;

    /// Who would have to act for the process to go on; null if no process has touched that end of the FIFO yet.
    const Process* partner() const {
      if (wait == Wait::data) return fifo->producer_;
      if (wait == Wait::room) return fifo->consumer_;
      return dependency;
    }
  };

  void map_stack(Process& process) {
    process.stack = mmap(nullptr, STACK_BYTES, PROT_READ | PROT_WRITE,
                         MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (process.stack == MAP_FAILED) fatal("stack: no address space for process '%s'", process.name.c_str());
    mprotect(process.stack, GUARD_BYTES, PROT_NONE);
  }

  void run_ready() {
    if (ready_.empty()) return;
    if (_setjmp(home_) == 0) switch_to(next());
    current = nullptr;
  }

  Process* next() {
    Process* process = ready_.front();
    ready_.pop_front();
    return process;
  }

  /// `_setjmp` keeps the switch free of system calls; a context is made once, to get onto the new stack.
  [[noreturn]] void switch_to(Process* process) {
    current = process;
    if (process->started) _longjmp(process->state, 1);
    process->started = true;
    ucontext_t context;
    getcontext(&context);
    context.uc_stack.ss_sp = process->stack;
    context.uc_stack.ss_size = STACK_BYTES;
    context.uc_link = nullptr;
    makecontext(&context, &Scheduler::enter, 0);
    setcontext(&context);
    fatal("cannot start process '%s'", process->name.c_str());
  }

  __attribute__((noinline)) void leave(Process* self) {
    if (_setjmp(self->state) == 0) go_on();
  }

  [[noreturn]] void go_on() {
    if (ready_.empty()) _longjmp(home_, 1);
    switch_to(next());
  }

  void finish() {
    current->finished = true;
    start_unblocked();
    go_on();
  }

  bool is_finished(const std::string& name) const {
    for (const auto& process : processes_) {
      if (process->name == name) return process->finished;
    }
    fatal("a process waits for '%s', which does not exist", name.c_str());
  }

  void start_unblocked() {
    for (auto& process : processes_) {
      if (process->wait != Wait::processes || process->finished) continue;
      const auto& after = process->after;
      if (!std::all_of(after.begin(), after.end(), [&](const std::string& name) { return is_finished(name); })) continue;
      process->wait = Wait::none;
      ready_.push_back(process.get());
    }
  }

  bool all_finished() const {
    return std::all_of(processes_.begin(), processes_.end(), [](const auto& process) { return process->finished; });
  }

  const Process* unfinished_dependency(const Process& waiting) const {
    for (const auto& process : processes_) {
      const auto& after = waiting.after;
      if (!process->finished && std::find(after.begin(), after.end(), process->name) != after.end()) {
        return process.get();
      }
    }
    return nullptr;
  }

  std::vector<Stall> stalls() const {
    std::vector<Stall> result;
    for (const auto& process : processes_) {
      if (process->finished) continue;
      const size_t count = process->fifo != nullptr ? process->fifo->count_ : 0;
      const Process* dependency = process->wait == Wait::processes ? unfinished_dependency(*process) : nullptr;
      result.push_back({process.get(), process->wait, process->fifo, count, dependency});
    }
    return result;
  }

  /// The smallest full FIFO of a cycle of waits. Where none is known, of those whose reader does not itself wait for
  /// room, since more tokens would not help that one. Null if there is none.
  Fifo* fifo_to_widen() const {
    const std::vector<Stall> all = stalls();
    Fifo* smallest = nullptr;
    const auto consider = [&](const Stall& stall, bool any_reader) {
      if (stall.wait != Wait::room || stall.fifo->capacity_ >= WIDEST_FIFO) return;
      const Process* reader = stall.partner();
      if (reader != nullptr && (reader->finished || (reader->wait == Wait::room && !any_reader))) return;
      if (smallest == nullptr || stall.fifo->capacity_ < smallest->capacity_) smallest = stall.fifo;
    };
    for (const Stall* stall : find_cycle(all)) consider(*stall, true);
    if (smallest != nullptr) return smallest;
    for (const Stall& stall : all) consider(stall, false);
    return smallest;
  }

  void explain() {
    const std::vector<Stall> first = stalls();
    if (report_mismatches(first)) return;
    std::vector<Fifo*> widened;
    while (!all_finished()) {
      Fifo* fifo = fifo_to_widen();
      if (fifo == nullptr) break;
      if (std::find(widened.begin(), widened.end(), fifo) == widened.end()) widened.push_back(fifo);
      fifo->enlarge(fifo->capacity_ + std::max<size_t>(1, fifo->capacity_ / 8));
      fifo->wake_writer();
      run_ready();
    }
    report_deadlock(first);
    if (!all_finished()) {
      fprintf(stderr, "note: larger depths do not help\n");
      return;
    }
    for (Fifo* fifo : widened) {
      fprintf(stderr, "note: a depth of %zu for stream '%s' would be enough (it has %zu)\n", fifo->peak_, fifo->name_,
              fifo->depth_);
    }
  }

  /// Waits that no depth can end: the other side has finished.
  bool report_mismatches(const std::vector<Stall>& stalls) const {
    bool found = false;
    for (const Stall& stall : stalls) {
      const Process* other = stall.partner();
      if (other == nullptr || !other->finished) continue;
      found = true;
      const char* name = stall.process->name.c_str();
      if (stall.wait == Wait::data) {
        error("empty read: process '%s' reads stream '%s', whose producer '%s' has finished after %zu elements", name,
              stall.fifo->name_, name_of(other), stall.fifo->tokens_);
      } else {
        error("leftover: process '%s' writes stream '%s', which is full and whose consumer '%s' has finished", name,
              stall.fifo->name_, name_of(other));
      }
    }
    return found;
  }

  void report_deadlock(const std::vector<Stall>& stalls) const {
    const std::vector<const Stall*> cycle = find_cycle(stalls);
    if (cycle.empty()) {
      error("deadlock: %zu processes wait and none can go on", stalls.size());
    } else {
      error("deadlock: %zu processes wait for each other in a cycle", cycle.size());
    }
    for (const Stall* stall : cycle) print(*stall);
    bool first = true;
    for (const Stall& stall : stalls) {
      if (std::find(cycle.begin(), cycle.end(), &stall) != cycle.end()) continue;
      if (first && !cycle.empty()) fprintf(stderr, "note: because of them these wait too:\n");
      first = false;
      print(stall);
    }
  }

  std::vector<const Stall*> find_cycle(const std::vector<Stall>& stalls) const {
    for (const Stall& start : stalls) {
      std::vector<const Stall*> path;
      for (const Stall* step = &start; step != nullptr;) {
        auto seen = std::find(path.begin(), path.end(), step);
        if (seen != path.end()) return {seen, path.end()};
        path.push_back(step);
        const Process* other = step->partner();
        auto found = std::find_if(stalls.begin(), stalls.end(), [&](const Stall& s) { return s.process == other; });
        step = found == stalls.end() ? nullptr : &*found;
      }
    }
    return {};
  }

  void print(const Stall& stall) const {
    const char* name = stall.process->name.c_str();
    const char* other = name_of(stall.partner());
    if (stall.wait == Wait::data) {
      fprintf(stderr, "  process '%s' waits for data in stream '%s' (empty, %zu of %zu), which '%s' writes\n", name,
              stall.fifo->name_, stall.count, stall.fifo->depth_, other);
    } else if (stall.wait == Wait::room) {
      fprintf(stderr, "  process '%s' waits for room in stream '%s' (full, %zu of %zu), which '%s' reads\n", name,
              stall.fifo->name_, stall.count, stall.fifo->depth_, other);
    } else {
      fprintf(stderr, "  process '%s' waits until process '%s' has finished\n", name, other);
    }
  }

  std::vector<std::unique_ptr<Process>> processes_;
  std::deque<Process*> ready_;
  jmp_buf home_;
  bool ran_ = false;
};

namespace {
Scheduler scheduler;
}

void Scheduler::enter() {
  current->body();
  scheduler.finish();
}

void process(const char* name, std::initializer_list<const char*> after, std::function<void()> body) {
  scheduler.add(name, after, std::move(body));
}

void run() { scheduler.run(); }

void give_way() { scheduler.give_way(); }

Fifo::Fifo(const char* name, size_t depth) : depth_(depth), capacity_(depth) {
  snprintf(name_, sizeof name_, "%s", name);
}

Fifo::~Fifo() {
  Record& record = records[name_];
  record.depth = depth_;
  record.peak = std::max(record.peak, peak_);
  record.tokens += tokens_;
  // After a deadlock everything is left over: that would only hide the cause.
  if (count_ > 0 && errors() == 0) {
    error("leftover: stream '%s' still holds %zu of the %zu elements written by '%s'", name_, count_, tokens_,
          Scheduler::name_of(producer_));
  }
}

void Fifo::wait_for_data() { scheduler.wait_for(this, Wait::data); }
void Fifo::wait_for_room() { scheduler.wait_for(this, Wait::room); }
void Fifo::wake_reader() { scheduler.wake(waiting_reader_); }
void Fifo::wake_writer() { scheduler.wake(waiting_writer_); }

void Fifo::claim_read() {
  if (consumer_ != nullptr) {
    fatal("stream '%s' is read by two processes, '%s' and '%s'", name_, Scheduler::name_of(consumer_),
          Scheduler::name_of(current));
  }
  consumer_ = current;
}

void Fifo::claim_write() {
  if (producer_ != nullptr) {
    fatal("stream '%s' is written by two processes, '%s' and '%s'", name_, Scheduler::name_of(producer_),
          Scheduler::name_of(current));
  }
  producer_ = current;
}

void write_occupancy(const char* path) {
  FILE* file = fopen(path, "w");
  if (file == nullptr) fatal("cannot write %s", path);
  const char* separator = "";
  fputs("{", file);
  for (const auto& [name, record] : records) {
    fprintf(file, "%s\n  \"%s\": {\"depth\": %zu, \"peak\": %zu, \"tokens\": %zu}", separator, name.c_str(),
            record.depth, record.peak, record.tokens);
    separator = ",";
  }
  fputs("\n}\n", file);
  fclose(file);
}

}  // namespace dfc
