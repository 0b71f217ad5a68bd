// Minimum, median and 95th percentile.
#include "bench/machine/times.h"

#include <algorithm>

namespace fovea::bench {

Times summary(std::vector<double> milliseconds) {
  std::sort(milliseconds.begin(), milliseconds.end());
  const std::size_t count = milliseconds.size();
  const double median = (milliseconds[(count - 1) / 2] + milliseconds[count / 2]) / 2;
  const std::size_t rank = (95 * count + 99) / 100;  // 0.95 * count, rounded up
  return {milliseconds.front(), median, milliseconds[rank - 1]};
}

}  // namespace fovea::bench
