// The list of all metrics: what is in it, what is left out, and what is refused.
#include "grading/evaluate/summary.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>
#include <string>
#include <vector>

#include <fovea/error.h>

namespace fovea::evaluate {
namespace {

/// Twenty rows of five grades; the probabilities follow from row and grade.
Sample sample() {
  Sample s;
  for (int row = 0; row < 20; ++row) {
    s.truth.push_back(row % 5);
    s.predicted.push_back(row % 3 == 0 ? (row + 1) % 5 : row % 5);
    for (int grade = 0; grade < 5; ++grade) {
      s.probabilities.push_back(grade == s.predicted.back() ? 0.6 + 0.01 * row : 0.1 - 0.0025 * row);
    }
  }
  return s;
}

const Metric* find(const Evaluation& evaluation, const std::string& key) {
  const auto found =
      std::find_if(evaluation.metrics.begin(), evaluation.metrics.end(), [&](const Metric& m) { return m.key == key; });
  return found == evaluation.metrics.end() ? nullptr : &*found;
}

std::string refusal(const Sample& s, const EvaluationOptions& options = {}) {
  try {
    evaluate(s, options);
  } catch (const Error& e) {
    return e.what();
  }
  return "";
}

TEST(Summary, EveryKeyOnceAndWithAnInterval) {
  const Evaluation evaluation = evaluate(sample(), {.bootstrap = {100, 1, 2}});
  std::set<std::string> keys;
  for (const Metric& metric : evaluation.metrics) {
    EXPECT_TRUE(keys.insert(metric.key).second) << metric.key;
    EXPECT_FALSE(metric.title.empty()) << metric.key;
    EXPECT_LT(metric.interval().low, metric.interval().high) << metric.key;
    EXPECT_EQ(metric.bootstrap.spread, Spread::known) << metric.key;
    EXPECT_EQ(metric.newcombe.has_value(), metric.key.ends_with("roc_auc")) << metric.key;
    EXPECT_EQ(metric.proportion.has_value(), !std::isnan(metric.wilson.low)) << metric.key;
  }
  EXPECT_EQ(keys.size(), 12u + 5 * 3 + 2 * 12);
  for (const char* key : {"accuracy", "grade_4_f1", "referable_sensitivity", "any_roc_auc", "referable_log_loss"}) {
    EXPECT_TRUE(keys.contains(key)) << key;
  }
  EXPECT_EQ(find(evaluation, "referable_ppv")->grade, 2);
  EXPECT_EQ(find(evaluation, "any_ppv")->grade, 1);
  EXPECT_EQ(find(evaluation, "grade_3_recall")->proportion->of, 4);
  EXPECT_EQ(evaluation.confusion.total(), 20);
  EXPECT_EQ(evaluation.referable.curve.positives, 12);
  EXPECT_EQ(evaluation.reliability.size(), 10u);
}

TEST(Summary, WithoutProbabilities) {
  Sample grades = sample();
  grades.probabilities.clear();
  const EvaluationOptions options{.bootstrap = {100, 1, 1}};
  const Evaluation evaluation = evaluate(grades, options), all = evaluate(sample(), options);
  EXPECT_EQ(evaluation.metrics.size(), 9u + 5 * 3 + 2 * 4);
  EXPECT_TRUE(evaluation.referable.curve.points.empty());
  EXPECT_TRUE(evaluation.reliability.empty());
  for (const Metric& metric : evaluation.metrics) {
    // The draws are the same, so probabilities change no interval of the grades.
    const Metric* same = find(all, metric.key);
    ASSERT_NE(same, nullptr) << metric.key;
    EXPECT_EQ(metric.value, same->value) << metric.key;
    EXPECT_EQ(metric.bootstrap.interval.low, same->bootstrap.interval.low) << metric.key;
    EXPECT_EQ(metric.bootstrap.interval.high, same->bootstrap.interval.high) << metric.key;
  }
}

TEST(Summary, NoResamplesNoIntervals) {
  const Evaluation evaluation = evaluate(sample(), {.bootstrap = {0, 1, 1}});
  for (const Metric& metric : evaluation.metrics) EXPECT_TRUE(std::isnan(metric.bootstrap.interval.low)) << metric.key;
  EXPECT_FALSE(std::isnan(find(evaluation, "accuracy")->wilson.low));
}

TEST(Summary, ReferableMayMeanAny) {
  const Evaluation evaluation = evaluate(sample(), {.referable = 1, .bootstrap = {20, 1, 1}});
  EXPECT_EQ(find(evaluation, "referable_roc_auc")->value, find(evaluation, "any_roc_auc")->value);
  EXPECT_EQ(evaluation.referable.curve.points.size(), evaluation.any.curve.points.size());
}

TEST(Summary, BadSamplesAreRefusedByRow) {
  EXPECT_EQ(refusal(sample()), "");
  Sample s;
  EXPECT_EQ(refusal(s), "evaluation: no rows to evaluate");
  s = sample();
  s.truth[3] = 5;
  EXPECT_EQ(refusal(s), "evaluation: row 4: the true grade 5 is not one of 0 ... 4");
  s = sample();
  s.predicted[0] = -1;
  EXPECT_EQ(refusal(s), "evaluation: row 1: the predicted grade -1 is not one of 0 ... 4");
  s = sample();
  s.predicted.pop_back();
  EXPECT_NE(refusal(s), "");
  s = sample();
  s.probabilities.pop_back();
  EXPECT_NE(refusal(s), "");
  for (const double bad : {-0.1, 1.1, kUndefined, std::numeric_limits<double>::infinity()}) {
    s = sample();
    s.probabilities[7] = bad;
    EXPECT_NE(refusal(s).find("row 2: "), std::string::npos) << bad;
  }
  s = sample();
  s.probabilities[7] += 0.06;
  EXPECT_NE(refusal(s).find("row 2: the probabilities add up to 1.06"), std::string::npos) << refusal(s);
  s = sample();
  s.classes = 1;
  EXPECT_NE(refusal(s), "");
  s.classes = kMaxClasses + 1;
  EXPECT_NE(refusal(s), "");
}

TEST(Summary, BadOptionsAreRefused) {
  for (const EvaluationOptions& options :
       {EvaluationOptions{.referable = 0}, EvaluationOptions{.referable = 5},
        EvaluationOptions{.target_sensitivity = 0}, EvaluationOptions{.target_sensitivity = 1.5},
        EvaluationOptions{.target_sensitivity = kUndefined}, EvaluationOptions{.bins = 0},
        EvaluationOptions{.bins = kMaxBins + 1}, EvaluationOptions{.bootstrap = {-1, 1, 1}}}) {
    EXPECT_NE(refusal(sample(), options), "");
  }
}

}  // namespace
}  // namespace fovea::evaluate
