// The indices of a loop, cut into a range for each thread; who is done with its own helps the others.
#pragma once

#include <atomic>
#include <cstdint>
#include <vector>

namespace fovea {

/// Calls a loop's body for one index.
using LoopBody = void (*)(const void* context, std::int64_t index, int thread);

class Ranges {
 public:
  explicit Ranges(int threads) : ranges_(static_cast<std::size_t>(threads)) {}

  /// The first index of the range that a thread begins with in a loop of `count`; the last range ends at `count`.
  static std::int64_t begin(std::int64_t count, int thread, int threads) { return count * thread / threads; }

  /// A loop of `count` indices is to be done. No thread may be at work.
  void reset(std::int64_t count) noexcept {
    const int threads = static_cast<int>(ranges_.size());
    for (int i = 0; i < threads; ++i) {
      Range& range = ranges_[static_cast<std::size_t>(i)];
      range.next.store(begin(count, i, threads), std::memory_order_relaxed);
      range.end = begin(count, i + 1, threads);
    }
  }

  /// The thread's own range, then what is left of the others'. Ends early when `stop` is set.
  void work(int thread, LoopBody body, const void* context, const std::atomic<bool>& stop) noexcept {
    const std::size_t count = ranges_.size();
    for (std::size_t i = 0; i < count; ++i) {
      Range& range = ranges_[(static_cast<std::size_t>(thread) + i) % count];
      for (std::int64_t index = range.next.fetch_add(1, std::memory_order_relaxed); index < range.end;
           index = range.next.fetch_add(1, std::memory_order_relaxed)) {
        if (stop.load(std::memory_order_relaxed)) return;
        body(context, index, thread);
      }
    }
  }

 private:
  static constexpr std::size_t kCacheLine = 64;
  struct alignas(kCacheLine) Range {
    std::atomic<std::int64_t> next{0};
    std::int64_t end = 0;
  };
  std::vector<Range> ranges_;
};

}  // namespace fovea
