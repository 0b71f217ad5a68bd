// McNemar's test: are two models wrong equally often on the same images?
#pragma once

#include <cstdint>
#include <span>

#include "grading/evaluate/interval.h"

namespace fovea::evaluate {

struct McNemar {
  std::int64_t both_right = 0;
  std::int64_t only_first_right = 0;
  std::int64_t only_second_right = 0;
  std::int64_t both_wrong = 0;
  /// Exact binomial test, two-sided; 1 if the models are right and wrong on the same images.
  double exact_p = 1;
  /// (|b - c| - 1)^2 / (b + c), the continuity-corrected statistic, and its p; NaN if b + c = 0.
  double chi_square = kUndefined;
  double chi_square_p = kUndefined;
};

/// The spans have equal lengths.
McNemar mcnemar(std::span<const int> truth, std::span<const int> first, std::span<const int> second);
/// From the counts alone.
McNemar mcnemar(std::int64_t both_right, std::int64_t only_first_right, std::int64_t only_second_right,
                std::int64_t both_wrong);

}  // namespace fovea::evaluate
