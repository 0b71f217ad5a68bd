// A yes or no made from grades: "grade N or worse", such as referable retinopathy.
#pragma once

#include <cstdint>

#include "grading/evaluate/confusion.h"
#include "grading/evaluate/interval.h"

namespace fovea::evaluate {

struct BinaryCounts {
  std::int64_t true_positives = 0;
  std::int64_t false_positives = 0;
  std::int64_t false_negatives = 0;
  std::int64_t true_negatives = 0;
};

/// Positive is `grade` or worse, in the reference and in the predictions.
BinaryCounts binary_counts(const Confusion& confusion, int grade);

/// Of the positive, those found; of the negative, those left alone.
Proportion sensitivity(const BinaryCounts& counts);
Proportion specificity(const BinaryCounts& counts);
/// Of those called positive (negative), those that are.
Proportion positive_predictive_value(const BinaryCounts& counts);
Proportion negative_predictive_value(const BinaryCounts& counts);

}  // namespace fovea::evaluate
