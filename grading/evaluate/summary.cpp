// Measures the sample, then its resamples, and puts values and intervals together.
#include "grading/evaluate/summary.h"

#include <memory>
#include <string>

#include <fovea/error.h>
#include "grading/evaluate/evaluator.h"

namespace fovea::evaluate {

namespace {

std::string prefix(Group group, int grade) {
  switch (group) {
    case Group::overall:
      return "";
    case Group::grade:
      return "grade_" + std::to_string(grade) + "_";
    case Group::referable:
      return "referable_";
    case Group::any:
      return "any_";
    case Group::yes_no:
      break;
  }
  return "yes_no_" + std::to_string(grade) + "_";
}

/// Keeps what a metric is called, and its value.
class MetricSink final : public Sink {
 public:
  explicit MetricSink(std::vector<Metric>& metrics) : metrics_(metrics) {}

  void about(Group group, int grade) override {
    group_ = group;
    grade_ = grade;
  }
  void number(const char* key, const char* title, double value) override {
    metrics_.push_back(
        {.key = prefix(group_, grade_) + key, .title = title, .group = group_, .grade = grade_, .value = value});
  }
  void proportion(const char* key, const char* title, Proportion proportion) override {
    number(key, title, proportion.value());
    metrics_.back().proportion = proportion;
    metrics_.back().wilson = wilson(proportion);
  }
  void area(const char* key, const char* title, double value, std::int64_t positives, std::int64_t negatives) override {
    number(key, title, value);
    metrics_.back().newcombe = newcombe(value, positives, negatives);
  }

 private:
  std::vector<Metric>& metrics_;
  Group group_ = Group::overall;
  int grade_ = -1;
};

/// Keeps the values alone.
class ValueSink final : public Sink {
 public:
  explicit ValueSink(std::span<double> values) : values_(values) {}

  void about(Group, int) override {}
  void number(const char*, const char*, double value) override { values_[next_++] = value; }
  void proportion(const char*, const char*, Proportion proportion) override { values_[next_++] = proportion.value(); }
  void area(const char*, const char*, double value, std::int64_t, std::int64_t) override { values_[next_++] = value; }

 private:
  std::span<double> values_;
  std::size_t next_ = 0;
};

void check_options(const EvaluationOptions& options, int classes) {
  const auto require = [](bool good, const std::string& what) {
    if (!good) throw Error("evaluation: " + what);
  };
  require(options.referable >= 1 && options.referable < classes,
          "referable from grade " + std::to_string(options.referable) + " is not one of 1 ... " +
              std::to_string(classes - 1));
  require(options.target_sensitivity > 0 && options.target_sensitivity <= 1,
          "a sensitivity of " + std::to_string(options.target_sensitivity) + " is not above 0 and at most 1");
  require(options.bins >= 1 && options.bins <= kMaxBins,
          std::to_string(options.bins) + " bins are not between 1 and " + std::to_string(kMaxBins));
  check(options.bootstrap);
}

void add_intervals(const Evaluator& evaluator, const Sample& sample, const BootstrapOptions& options,
                   std::vector<Metric>& metrics) {
  if (options.resamples == 0) return;
  std::vector<Confusion> scratch(static_cast<std::size_t>(options.threads), Confusion(sample.classes));
  const std::vector<double> values =
      bootstrap(Resampler(evaluator.strata(), options.seed), options, metrics.size(),
                [&](std::span<const RowCount> counts, int thread, std::span<double> measured) {
                  ValueSink sink(measured);
                  evaluator.measure(counts, scratch[static_cast<std::size_t>(thread)], sink);
                });
  const auto resamples = static_cast<std::size_t>(options.resamples);
  for (std::size_t m = 0; m < metrics.size(); ++m) {
    metrics[m].bootstrap = percentile_interval(std::span(values).subspan(m * resamples, resamples));
  }
}

Target target(const Evaluator& evaluator, const Sample& sample, std::span<const RowCount> once,
              const Confusion& confusion, int grade, const EvaluationOptions& options) {
  Target result{grade, binary_counts(confusion, grade)};
  if (!sample.has_probabilities()) return result;
  result.curve = curve(evaluator.ranking(grade));
  result.operating_point = curve_scores(evaluator.ranking(grade), once, options.target_sensitivity).operating_point;
  result.reliability = evaluator.reliability(grade).bins(once);
  return result;
}

}  // namespace

Evaluation evaluate(const Sample& sample, const EvaluationOptions& options) {
  check(sample);
  check_options(options, sample.classes);
  const Evaluator evaluator(sample, options);
  const std::vector<RowCount> once(sample.rows(), 1);
  Evaluation result{Confusion(sample.classes), {}, {}, {}, {}};
  MetricSink sink(result.metrics);
  evaluator.measure(once, result.confusion, sink);
  add_intervals(evaluator, sample, options.bootstrap, result.metrics);
  result.referable = target(evaluator, sample, once, result.confusion, options.referable, options);
  result.any = target(evaluator, sample, once, result.confusion, 1, options);
  if (sample.has_probabilities()) result.reliability = evaluator.reliability().bins(once);
  return result;
}

}  // namespace fovea::evaluate
