// What is said of many measured times.
#pragma once

#include <chrono>
#include <vector>

namespace fovea::bench {

/// In milliseconds.
struct Times {
  double min = 0, median = 0, p95 = 0;
};

/// Of at least one time. The 95th percentile is the smallest time that 95 % of them do not exceed.
Times summary(std::vector<double> milliseconds);

/// Milliseconds since it was made.
class Stopwatch {
 public:
  double milliseconds() const { return std::chrono::duration<double, std::milli>(Clock::now() - start_).count(); }

 private:
  using Clock = std::chrono::steady_clock;
  Clock::time_point start_ = Clock::now();
};

}  // namespace fovea::bench
