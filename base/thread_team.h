// A team of threads that works through the layers of one network together.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>

#include <fovea/cancel.h>
#include "base/ranges.h"
#include "base/threading.h"

namespace fovea {

/// Values that a loop over a feature map hands out at once: large enough to outweigh handing them out, small enough to
/// share a map evenly.
inline constexpr std::int64_t kTaskValues = 4096;

/// The calling thread and `threads - 1` workers that it owns, or the threads of an Executor. Used by one thread at a
/// time.
///
/// A loop is over when its indices are done, not when every worker has woken up: on a busy machine the caller does the
/// work of workers that get no CPU. Workers that wait for the next loop of a run stay awake for a moment; outside a
/// run they sleep in the kernel. In a process made by fork outside a loop, the caller does all the work.
class ThreadTeam {
 public:
  /// Throws Error if the system gives no threads.
  explicit ThreadTeam(int threads);
  /// As the host has chosen.
  explicit ThreadTeam(const ThreadChoice& choice);
  ~ThreadTeam();
  ThreadTeam(const ThreadTeam&) = delete;
  ThreadTeam& operator=(const ThreadTeam&) = delete;

  int threads() const { return threads_; }
  /// The first index of the range that a thread begins with in a loop of `count`; the last range ends at `count`.
  std::int64_t range_begin(std::int64_t count, int thread) const { return Ranges::begin(count, thread, threads_); }

  /// Calls body(index, thread) for every index below `count`; `thread` is below threads() and tells apart bodies that
  /// run at the same time. Each thread begins with a range of its own and then helps the others; results must not
  /// depend on which thread runs what; all round as the caller does. `body` must not throw. Returns when all are done,
  /// or when a Run's token is cancelled: then what the loop was to compute is not there.
  template <class Body>
  void for_each(std::int64_t count, const Body& body) noexcept {
    for_each(
        count,
        [](const void* context, std::int64_t index, int thread) {
          (*static_cast<const Body*>(context))(index, thread);
        },
        &body);
  }

  /// Throws Cancelled if the token of the Run that lives is cancelled, and Error if an executor broke its promise.
  void check() const;

  /// While one lives, loops follow each other closely and workers wait for them awake, until `cancel` is cancelled.
  class Run {
   public:
    explicit Run(ThreadTeam& team, const CancelToken& cancel = {}) noexcept;
    ~Run();
    Run(const Run&) = delete;
    Run& operator=(const Run&) = delete;

   private:
    ThreadTeam& team_;
    const std::atomic<bool>* before_;
  };

 private:
  struct Shared;
  struct Lent;
  static const std::atomic<bool> kGoOn;

  void for_each(std::int64_t count, LoopBody function, const void* context) noexcept;
  void share(std::int64_t count, LoopBody function, const void* context) noexcept;

  int threads_ = 1;
  const std::atomic<bool>* stop_ = &kGoOn;
  std::unique_ptr<Shared> shared_;  // neither for a team of one
  std::unique_ptr<Lent> lent_;
};

}  // namespace fovea
