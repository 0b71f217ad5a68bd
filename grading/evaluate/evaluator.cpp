// The list of all metrics stands here, in measure() and what it calls.
#include "grading/evaluate/evaluator.h"

#include <algorithm>
#include <numeric>

#include "grading/evaluate/binary.h"
#include "grading/evaluate/classification.h"

namespace fovea::evaluate {

namespace {

std::vector<std::uint32_t> cell_keys(const Sample& sample) {
  std::vector<std::uint32_t> keys(sample.rows());
  for (std::size_t row = 0; row < keys.size(); ++row) {
    keys[row] = static_cast<std::uint32_t>(sample.truth[row] * sample.classes + sample.predicted[row]);
  }
  return keys;
}

template <class Value>
std::vector<Value> in_order(const std::vector<Value>& values, const std::vector<std::uint32_t>& order) {
  std::vector<Value> result;
  result.reserve(order.size());
  for (const std::uint32_t row : order) result.push_back(values[row]);
  return result;
}

void put_forecasts(const Forecasts& forecasts, std::span<const RowCount> counts, Sink& sink) {
  sink.number("brier", "Brier score", mean(forecasts.brier, counts));
  sink.number("log_loss", "Log loss", mean(forecasts.log_loss, counts));
  sink.number("calibration_error", "Expected calibration error", forecasts.reliability.expected_error(counts));
}

}  // namespace

Forecasts::Forecasts(std::span<const double> probabilities, std::span<const std::uint8_t> outcomes, int bins)
    : reliability(probabilities, outcomes, bins) {
  brier.reserve(probabilities.size());
  log_loss.reserve(probabilities.size());
  for (std::size_t row = 0; row < probabilities.size(); ++row) {
    brier.push_back(evaluate::brier(probabilities[row], outcomes[row] != 0));
    log_loss.push_back(evaluate::log_loss(probabilities[row], outcomes[row] != 0));
  }
}

Evaluator::Evaluator(const Sample& sample, const EvaluationOptions& options)
    : classes_(sample.classes),
      referable_(options.referable),
      target_sensitivity_(options.target_sensitivity),
      cells_(cell_keys(sample)) {
  if (!sample.has_probabilities()) return;
  std::vector<double> confidence;
  std::vector<std::uint8_t> right;
  for (const std::uint32_t row : cells_.order) {
    const std::span<const double> probabilities = sample.row_probabilities(row);
    brier_.push_back(brier(probabilities, sample.truth[row]));
    log_loss_.push_back(log_loss(probabilities, sample.truth[row]));
    confidence.push_back(probabilities[static_cast<std::size_t>(sample.predicted[row])]);
    right.push_back(sample.predicted[row] == sample.truth[row] ? 1 : 0);
  }
  right_.emplace(confidence, right, options.bins);
  add_target(sample, referable_, options.bins);
  if (referable_ != 1) add_target(sample, 1, options.bins);
}

void Evaluator::add_target(const Sample& sample, int grade, int bins) {
  const std::vector<double> scores = in_order(tail_probabilities(sample, grade), cells_.order);
  std::vector<std::uint8_t> positive;
  positive.reserve(scores.size());
  for (const std::uint32_t row : cells_.order) positive.push_back(sample.truth[row] >= grade ? 1 : 0);
  targets_.push_back({grade, Ranking(scores, positive), Forecasts(scores, positive, bins)});
}

const Evaluator::TargetRows& Evaluator::target(int grade) const {
  return *std::find_if(targets_.begin(), targets_.end(), [&](const TargetRows& t) { return t.grade == grade; });
}

std::vector<std::size_t> Evaluator::strata() const {
  std::vector<std::size_t> sizes(static_cast<std::size_t>(classes_));
  for (const Groups::Run& run : cells_.runs)
    sizes[run.key / static_cast<std::uint32_t>(classes_)] += run.end - run.begin;
  return sizes;
}

void Evaluator::count(std::span<const RowCount> counts, Confusion& confusion) const {
  confusion.clear();
  for (const Groups::Run& run : cells_.runs) {
    const std::span<const RowCount> rows = counts.subspan(run.begin, run.end - run.begin);
    const int key = static_cast<int>(run.key);
    confusion.add(key / classes_, key % classes_, std::accumulate(rows.begin(), rows.end(), std::int64_t{0}));
  }
}

void Evaluator::measure(std::span<const RowCount> counts, Confusion& confusion, Sink& sink) const {
  count(counts, confusion);
  sink.about(Group::overall, -1);
  measure_overall(counts, confusion, sink);
  for (int grade = 0; grade < classes_; ++grade) {
    sink.about(Group::grade, grade);
    sink.proportion("precision", "Precision", precision(confusion, grade));
    sink.proportion("recall", "Recall", recall(confusion, grade));
    sink.number("f1", "F1", f1(confusion, grade));
  }
  sink.about(Group::referable, referable_);
  measure_target(counts, confusion, referable_, sink);
  sink.about(Group::any, 1);
  measure_target(counts, confusion, 1, sink);
}

void Evaluator::measure_overall(std::span<const RowCount> counts, const Confusion& confusion, Sink& sink) const {
  sink.proportion("accuracy", "Accuracy", accuracy(confusion));
  sink.number("quadratic_kappa", "Quadratic weighted kappa", kappa(confusion, Disagreement::quadratic));
  sink.number("linear_kappa", "Linear weighted kappa", kappa(confusion, Disagreement::linear));
  sink.number("kappa", "Cohen's kappa", kappa(confusion, Disagreement::any));
  sink.number("macro_f1", "Macro F1", macro_f1(confusion));
  sink.number("weighted_f1", "Weighted F1", weighted_f1(confusion));
  sink.number("balanced_accuracy", "Balanced accuracy", balanced_accuracy(confusion));
  sink.number("mean_absolute_error", "Mean absolute grade error", mean_absolute_error(confusion));
  sink.number("matthews", "Matthews correlation", matthews(confusion));
  if (!right_) return;
  sink.number("brier", "Brier score", mean(brier_, counts));
  sink.number("log_loss", "Log loss", mean(log_loss_, counts));
  sink.number("calibration_error", "Expected calibration error", reliability().expected_error(counts));
}

void Evaluator::measure_target(std::span<const RowCount> counts, const Confusion& confusion, int grade,
                               Sink& sink) const {
  const BinaryCounts binary = binary_counts(confusion, grade);
  sink.proportion("sensitivity", "Sensitivity", sensitivity(binary));
  sink.proportion("specificity", "Specificity", specificity(binary));
  sink.proportion("ppv", "Positive predictive value", positive_predictive_value(binary));
  sink.proportion("npv", "Negative predictive value", negative_predictive_value(binary));
  if (targets_.empty()) return;
  const TargetRows& rows = target(grade);
  const CurveScores scores = curve_scores(rows.ranking, counts, target_sensitivity_);
  sink.area("roc_auc", "ROC AUC", scores.roc_auc, scores.positives, scores.negatives);
  sink.number("average_precision", "Average precision", scores.average_precision);
  sink.number("operating_threshold", "Threshold at the operating point", scores.operating_point.threshold);
  const BinaryCounts& operating = scores.operating_point.counts;
  sink.proportion("operating_sensitivity", "Sensitivity at the operating point", sensitivity(operating));
  sink.proportion("operating_specificity", "Specificity at the operating point", specificity(operating));
  put_forecasts(rows.forecasts, counts, sink);
}

}  // namespace fovea::evaluate
