// The loops of a team on the threads of an Executor, which is not trusted to keep its promise.
#pragma once

#include <atomic>
#include <cstdint>
#include <exception>
#include <memory>
#include <string>
#include <vector>

#include <fovea/executor.h>
#include "base/float_mode.h"
#include "base/ranges.h"

namespace fovea {

/// Used by one thread at a time, as the team is.
///
/// What a Task points to is never freed, only used again: so a task that a host runs too late finds that its loop is
/// over. The caller opens a loop and closes it; a task joins (`active`) before it looks whether its loop is open, and
/// the caller closes before it waits for those who joined: a task either works before the caller goes on, or not at
/// all.
class ExecutorLoop {
 public:
  ExecutorLoop(std::shared_ptr<Executor> executor, int threads);
  ~ExecutorLoop();
  ExecutorLoop(const ExecutorLoop&) = delete;
  ExecutorLoop& operator=(const ExecutorLoop&) = delete;

  /// Does the loop that `ranges` holds, by as many tasks as it has indices and threads; returns when it is done,
  /// whatever the executor did.
  void run(std::int64_t count, Ranges& ranges, LoopBody body, const void* context,
           const std::atomic<bool>& stop) noexcept;

  /// Throws Error if the executor broke its promise since the last call.
  void check();

 private:
  friend class Task;
  struct Block;
  enum class Misuse { none, twice, late, number };

  void perform(int index) noexcept;
  void note_missing(int tasks) noexcept;

  const std::shared_ptr<Executor> executor_;
  Block* block_;
  std::vector<std::atomic<bool>> claimed_;  // by task

  // Of the open loop.
  int tasks_ = 0;
  Ranges* ranges_ = nullptr;
  LoopBody body_ = nullptr;
  const void* context_ = nullptr;
  const std::atomic<bool>* stop_ = nullptr;
  FloatRegisters float_mode_{};

  int missing_ = -1, missing_of_ = 0;  // the first task that was left out
  std::exception_ptr thrown_;
};

}  // namespace fovea
