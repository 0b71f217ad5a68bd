// Work done by several threads, results taken in order by one.
#pragma once

#include <algorithm>
#include <condition_variable>
#include <cstddef>
#include <exception>
#include <map>
#include <mutex>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

namespace fovea::tools {

namespace detail {

/// What workers and the taker of their results share.
template <class Result>
class OrderedQueue {
 public:
  OrderedQueue(std::size_t count, int workers)
      : count_(count), window_(2 * static_cast<std::size_t>(workers)), working_(workers) {}

  /// The next index to work on, once it is not too far ahead of what was taken; `count` if there is none.
  std::size_t claim() {
    std::unique_lock lock(mutex_);
    room_.wait(lock, [&] { return halted_ || next_ >= count_ || next_ < taken_ + window_; });
    return halted_ || next_ >= count_ ? count_ : next_++;
  }
  void put(std::size_t index, Result result) {
    const std::scoped_lock lock(mutex_);
    done_.emplace(index, std::move(result));
    ready_.notify_one();
  }
  void fail(std::exception_ptr failure) {
    const std::scoped_lock lock(mutex_);
    if (!failure_) failure_ = std::move(failure);
    halted_ = true;
    room_.notify_all();
  }
  void leave(int workers = 1) {
    const std::scoped_lock lock(mutex_);
    working_ -= workers;
    ready_.notify_one();
  }
  void halt() {
    const std::scoped_lock lock(mutex_);
    halted_ = true;
    room_.notify_all();
  }
  /// The result of the next index in order. Throws what a worker threw, if that is why there is none.
  Result take() {
    std::unique_lock lock(mutex_);
    ready_.wait(lock, [&] { return done_.contains(taken_) || working_ == 0; });
    const auto found = done_.find(taken_);
    if (found == done_.end()) std::rethrow_exception(failure_);
    Result result = std::move(found->second);
    done_.erase(found);
    ++taken_;
    room_.notify_all();
    return result;
  }

 private:
  std::mutex mutex_;
  std::condition_variable ready_, room_;
  std::map<std::size_t, Result> done_;
  std::size_t count_, window_, next_ = 0, taken_ = 0;
  int working_;
  bool halted_ = false;
  std::exception_ptr failure_;
};

}  // namespace detail

/// Calls make(index, worker) for every index below `count` on `workers` threads of its own, and take(index, result)
/// with the results in the order of the indices on the calling thread, until it returns false. What either throws ends
/// the work and is thrown here. At most two results a worker wait to be taken.
template <class Result, class Make, class Take>
void in_order(std::size_t count, int workers, const Make& make, const Take& take) {
  detail::OrderedQueue<Result> queue(count, workers);
  const auto work = [&](int worker) {
    try {
      for (std::size_t index = queue.claim(); index < count; index = queue.claim()) {
        queue.put(index, make(index, worker));
      }
    } catch (...) {
      queue.fail(std::current_exception());
    }
    queue.leave();
  };
  std::vector<std::jthread> threads;  // joined before the queue goes
  // Whatever ends this function, workers are told before they are waited for.
  struct Halt {
    detail::OrderedQueue<Result>& queue;
    ~Halt() { queue.halt(); }
  } const halt{queue};
  try {
    for (int worker = 0; worker < workers; ++worker) threads.emplace_back(work, worker);
  } catch (const std::system_error&) {
    // The system allows no more threads: those there are do the work.
    if (threads.empty()) throw;
    queue.leave(workers - static_cast<int>(threads.size()));
  }
  for (std::size_t index = 0; index < count; ++index) {
    if (!take(index, queue.take())) return;
  }
}

}  // namespace fovea::tools
