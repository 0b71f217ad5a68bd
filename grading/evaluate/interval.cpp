// Wilson's interval of a proportion.
#include "grading/evaluate/interval.h"

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

namespace {

/// Variance of the area under the ROC curve, were `area` the true one.
double area_variance(double area, double positives, double negatives) {
  const double others = (positives + negatives) / 2 - 1;
  return area * (1 - area) * (1 + others * (1 - area) / (2 - area) + others * area / (1 + area)) /
         (positives * negatives);
}

}  // namespace

Interval newcombe(double area, std::int64_t positives, std::int64_t negatives) {
  if (!(area >= 0 && area <= 1) || positives < 1 || negatives < 1) return {};
  const auto far = [&](double truth) {
    const double distance = area - truth;
    return distance * distance >
           kNormalQuantile * kNormalQuantile *
               area_variance(truth, static_cast<double>(positives), static_cast<double>(negatives));
  };
  // Between a truth that is too far away and the area itself lies the end: halved until no number lies between.
  const auto end = [&](double outer) {
    double inner = area;
    while (true) {
      const double middle = (outer + inner) / 2;
      if (middle == outer || middle == inner) return inner;
      (far(middle) ? outer : inner) = middle;
    }
  };
  return {area == 0 ? 0 : end(0), area == 1 ? 1 : end(1)};
}

}  // namespace fovea::evaluate
