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

  /// NaN of no cases: nothing is known, which is not the same as none (scikit-learn's zero_division=nan).
  double value() const { return of == 0 ? kUndefined : static_cast<double>(count) / static_cast<double>(of); }
};

/// Wilson's score interval at 95 %, without continuity correction (statsmodels' proportion_confint, "wilson").
/// Undefined for no cases.
Interval wilson(Proportion proportion);

/// The same for an area under the ROC curve, from the area and how many rows are positive and negative: Newcombe's
/// score interval with the variance of Hanley and McNeil (Newcombe, Statistics in Medicine 25, 2006, 559-573, method
/// 5). Unlike DeLong's and the bootstrap's it has a width where the curve is perfect. Undefined for an undefined area.
Interval newcombe(double area, std::int64_t positives, std::int64_t negatives);

}  // namespace fovea::evaluate
