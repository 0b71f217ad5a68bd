// Counts of a yes or no made from grades, and the four proportions of them.
#include "grading/evaluate/binary.h"

namespace fovea::evaluate {

BinaryCounts binary_counts(const Confusion& confusion, int grade) {
  BinaryCounts counts;
  for (int truth = 0; truth < confusion.classes(); ++truth) {
    for (int predicted = 0; predicted < confusion.classes(); ++predicted) {
      const std::int64_t rows = confusion.at(truth, predicted);
      if (truth >= grade) {
        (predicted >= grade ? counts.true_positives : counts.false_negatives) += rows;
      } else {
        (predicted >= grade ? counts.false_positives : counts.true_negatives) += rows;
      }
    }
  }
  return counts;
}

Proportion sensitivity(const BinaryCounts& c) { return {c.true_positives, c.true_positives + c.false_negatives}; }

Proportion specificity(const BinaryCounts& c) { return {c.true_negatives, c.true_negatives + c.false_positives}; }

Proportion positive_predictive_value(const BinaryCounts& c) {
  return {c.true_positives, c.true_positives + c.false_positives};
}

Proportion negative_predictive_value(const BinaryCounts& c) {
  return {c.true_negatives, c.true_negatives + c.false_negatives};
}

}  // namespace fovea::evaluate
