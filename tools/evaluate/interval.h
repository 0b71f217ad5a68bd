// 95 % intervals, and proportions with Wilson's.
#pragma once

#include <cstdint>
#include <limits>

namespace fovea::evaluate {

inline constexpr double kUndefined = std::numeric_limits<double>::quiet_NaN();
/// Two-sided 95 %: the 0.975 quantile of the normal distribution.
inline constexpr double kNormalQuantile = 1.959963984540054;

/// NaN where it is undefined.
struct Interval {
  double low = kUndefined;
  double high = kUndefined;
};

/// `count` of `of` cases.
struct Proportion {
  std::int64_t count = 0;
  std::int64_t of = 0;

  /// 0 where nothing is counted, as scikit-learn's zero_division=0.
  double value() const { return of == 0 ? 0 : static_cast<double>(count) / static_cast<double>(of); }
};

/// Wilson's score interval at 95 %, without continuity correction (statsmodels' proportion_confint, "wilson").
/// Undefined for no cases.
Interval wilson(Proportion proportion);

}  // namespace fovea::evaluate
