// Agreement and per-grade metrics from a confusion matrix.
#include "grading/evaluate/classification.h"

#include <cmath>
#include <cstdlib>

namespace fovea::evaluate {

namespace {

std::int64_t weight(int distance, Disagreement weights) {
  if (weights == Disagreement::any) return distance == 0 ? 0 : 1;
  return weights == Disagreement::linear ? std::abs(distance) : std::int64_t{distance} * distance;
}

/// The mean of value(grade) over the grades that occur.
template <class Occurs, class Value>
double mean_over(int classes, const Occurs& occurs, const Value& value) {
  double sum = 0;
  int grades = 0;
  for (int grade = 0; grade < classes; ++grade) {
    if (!occurs(grade)) continue;
    sum += value(grade);
    ++grades;
  }
  return sum / grades;
}

}  // namespace

double kappa(const Confusion& confusion, Disagreement weights) {
  // Sums are exact: below 10^7 rows and 100 grades nothing exceeds 10^18.
  std::int64_t observed = 0, expected = 0;
  for (int truth = 0; truth < confusion.classes(); ++truth) {
    for (int predicted = 0; predicted < confusion.classes(); ++predicted) {
      const std::int64_t w = weight(truth - predicted, weights);
      observed += w * confusion.at(truth, predicted);
      expected += w * confusion.true_total(truth) * confusion.predicted_total(predicted);
    }
  }
  if (expected == 0) return kUndefined;
  return 1 - static_cast<double>(observed * confusion.total()) / static_cast<double>(expected);
}

Proportion accuracy(const Confusion& confusion) { return {confusion.right(), confusion.total()}; }

Proportion precision(const Confusion& confusion, int grade) {
  return {confusion.at(grade, grade), confusion.predicted_total(grade)};
}

Proportion recall(const Confusion& confusion, int grade) {
  return {confusion.at(grade, grade), confusion.true_total(grade)};
}

double f1(const Confusion& confusion, int grade) {
  return Proportion{2 * confusion.at(grade, grade), confusion.true_total(grade) + confusion.predicted_total(grade)}
      .value();
}

double macro_f1(const Confusion& confusion) {
  return mean_over(
      confusion.classes(),
      [&](int grade) { return confusion.true_total(grade) + confusion.predicted_total(grade) > 0; },
      [&](int grade) { return f1(confusion, grade); });
}

double weighted_f1(const Confusion& confusion) {
  double sum = 0;
  for (int grade = 0; grade < confusion.classes(); ++grade) {
    if (confusion.true_total(grade) == 0) continue;
    sum += static_cast<double>(confusion.true_total(grade)) * f1(confusion, grade);
  }
  return sum / static_cast<double>(confusion.total());
}

double balanced_accuracy(const Confusion& confusion) {
  return mean_over(
      confusion.classes(), [&](int grade) { return confusion.true_total(grade) > 0; },
      [&](int grade) { return recall(confusion, grade).value(); });
}

double mean_absolute_error(const Confusion& confusion) {
  std::int64_t sum = 0;
  for (int truth = 0; truth < confusion.classes(); ++truth) {
    for (int predicted = 0; predicted < confusion.classes(); ++predicted) {
      sum += std::abs(truth - predicted) * confusion.at(truth, predicted);
    }
  }
  return static_cast<double>(sum) / static_cast<double>(confusion.total());
}

double matthews(const Confusion& confusion) {
  const std::int64_t n = confusion.total();
  std::int64_t both = n * confusion.right(), of_truth = n * n, of_predictions = n * n;  // covariances, times n * n
  for (int grade = 0; grade < confusion.classes(); ++grade) {
    const std::int64_t truth = confusion.true_total(grade), predicted = confusion.predicted_total(grade);
    both -= truth * predicted;
    of_truth -= truth * truth;
    of_predictions -= predicted * predicted;
  }
  if (of_truth == 0 || of_predictions == 0) return kUndefined;
  return static_cast<double>(both) / std::sqrt(static_cast<double>(of_truth) * static_cast<double>(of_predictions));
}

}  // namespace fovea::evaluate
