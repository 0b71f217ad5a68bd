// Two models on the same images.
#pragma once

#include <cstdint>
#include <span>

#include "grading/evaluate/bootstrap.h"
#include "grading/evaluate/mcnemar.h"

namespace fovea::evaluate {

struct Comparison {
  std::int64_t rows = 0;
  /// Rows that both gave the same grade, right or wrong.
  std::int64_t same_grade = 0;
  McNemar mcnemar;
  /// Quadratically weighted kappa of each, and first - second.
  double first_kappa = kUndefined;
  double second_kappa = kUndefined;
  double kappa_difference = kUndefined;
  /// The paired bootstrap's: each resample, stratified by true grade, draws the same images for both.
  PercentileInterval kappa_difference_interval;
};

/// Grades 0 ... classes - 1. Throws Error for no rows, different lengths or grades out of range.
Comparison compare(int classes, std::span<const int> truth, std::span<const int> first, std::span<const int> second,
                   const BootstrapOptions& options);

}  // namespace fovea::evaluate
