// Executors for tests: honest ones of many kinds, and such as break their promise.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <fovea/executor.h>

namespace fovea::test {

/// One whose `run` is a function.
class FunctionExecutor final : public Executor {
 public:
  using Run = std::function<void(int tasks, const Task& task)>;
  FunctionExecutor(int threads, Run run) : threads_(threads), run_(std::move(run)) {}
  int threads() const override { return threads_; }
  void run(int tasks, const Task& task) override {
    ++loops;
    run_(tasks, task);
  }

  std::atomic<int> loops{0};

 private:
  int threads_;
  Run run_;
};

inline std::shared_ptr<FunctionExecutor> executor(int threads, FunctionExecutor::Run run) {
  return std::make_shared<FunctionExecutor>(threads, std::move(run));
}

/// A thread for each task.
inline void in_threads(int tasks, const Task& task) {
  std::vector<std::jthread> threads;
  for (int i = 0; i < tasks; ++i) threads.emplace_back([task, i] { task(i); });
}

/// All on the caller's thread.
inline void in_order(int tasks, const Task& task) {
  for (int i = 0; i < tasks; ++i) task(i);
}
inline void backwards(int tasks, const Task& task) {
  for (int i = tasks; i-- > 0;) task(i);
}

/// What a broken executor does, and what is said of it.
struct BrokenExecutor {
  std::string name;
  FunctionExecutor::Run run;
  std::string error;
};

inline std::vector<BrokenExecutor> broken_executors() {
  return {
      {"nothing", [](int, const Task&) {}, "the executor did not run task 0 of "},
      {"not the last", [](int tasks, const Task& task) { in_threads(tasks - 1, task); },
       "the executor did not run task "},
      {"not the first",
       [](int tasks, const Task& task) {
         for (int i = 1; i < tasks; ++i) task(i);
       },
       "the executor did not run task 0 of "},
      {"twice",
       [](int tasks, const Task& task) {
         in_threads(tasks, task);
         task(tasks - 1);
       },
       "the executor ran a task twice"},
      {"twice at once",
       [](int tasks, const Task& task) {
         const std::jthread again([tasks, task] { in_threads(tasks, task); });
         in_threads(tasks, task);
       },
       "the executor ran a task twice"},
      {"one for all",
       [](int tasks, const Task& task) {
         for (int i = 0; i < tasks; ++i) task(0);
       },
       "twice"},
      {"one too many", [](int tasks, const Task& task) { in_order(tasks + 1, task); },
       "of a number that does not exist"},
      {"a negative one",
       [](int tasks, const Task& task) {
         task(-1);
         in_order(tasks, task);
       },
       "of a number that does not exist"},
      {"throws", [](int, const Task&) { throw std::runtime_error("the pool is closed"); },
       "the executor failed: the pool is closed"},
      {"throws in the middle",
       [](int, const Task& task) {
         task(0);
         throw 7;
       },
       "the executor failed"},
  };
}

}  // namespace fovea::test
