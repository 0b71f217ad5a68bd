// Wilson's interval of a proportion.
#include "tools/evaluate/interval.h"

#include <algorithm>
#include <cmath>

namespace fovea::evaluate {

Interval wilson(Proportion proportion) {
  if (proportion.of == 0) return {};
  constexpr double z = kNormalQuantile;
  const auto n = static_cast<double>(proportion.of);
  const double p = proportion.value();
  const double shrink = 1 + z * z / n;
  const double centre = (p + z * z / (2 * n)) / shrink;
  const double half_width = z * std::sqrt(p * (1 - p) / n + z * z / (4 * n * n)) / shrink;
  // At the ends rounding would leave a little more or less than 0 and 1.
  return {proportion.count == 0 ? 0 : std::max(0.0, centre - half_width),
          proportion.count == proportion.of ? 1 : std::min(1.0, centre + half_width)};
}

}  // namespace fovea::evaluate
