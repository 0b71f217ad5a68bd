// Threads that start their rounds at the same moment.
#include "bench/machine/together.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <limits>
#include <thread>

namespace fovea::bench {

namespace {

using Clock = std::chrono::steady_clock;

struct Span {
  Clock::time_point begin, end;
};

// Waits awake: threads that sleep start up to 0.1 ms apart, which is much of a round. Yields to whom it waits for where
// there are fewer cores than threads.
class Meeting {
 public:
  explicit Meeting(std::size_t threads) : threads_(threads) {}
  void wait(std::size_t round) {
    ++arrived_;
    while (arrived_ < threads_ * (round + 1)) std::this_thread::yield();
  }

 private:
  std::size_t threads_;
  std::atomic<std::size_t> arrived_{0};
};

}  // namespace

double best_round(std::vector<Part>& parts, int rounds) {
  const auto count = static_cast<std::size_t>(rounds);
  std::vector<std::vector<Span>> spans(parts.size(), std::vector<Span>(count));
  Meeting meeting(parts.size());
  {
    std::vector<std::jthread> threads;
    for (std::size_t i = 0; i < parts.size(); ++i) {
      threads.emplace_back([&, i] {
        parts[i].prepare();
        for (std::size_t round = 0; round < count; ++round) {
          meeting.wait(round);
          spans[i][round].begin = Clock::now();
          parts[i].work();
          spans[i][round].end = Clock::now();
        }
      });
    }
  }
  double best = std::numeric_limits<double>::infinity();
  for (std::size_t round = 0; round < count; ++round) {
    Span all = spans[0][round];
    for (const std::vector<Span>& one : spans) {
      all.begin = std::min(all.begin, one[round].begin);
      all.end = std::max(all.end, one[round].end);
    }
    best = std::min(best, std::chrono::duration<double>(all.end - all.begin).count());
  }
  return best;
}

}  // namespace fovea::bench
