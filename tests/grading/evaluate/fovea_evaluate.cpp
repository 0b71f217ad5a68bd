// fovea-evaluate: grades and probabilities in, metrics out, both JSON, for the tests that hold them against
// scikit-learn. Reads an array of cases from standard input and writes an array of answers. Not for users: see
// benchmark-compare.
#include <algorithm>
#include <chrono>
#include <cstdint>
#include <exception>
#include <iostream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "grading/evaluate/comparison.h"
#include "grading/evaluate/evaluator.h"
#include "grading/evaluate/mcnemar.h"
#include "grading/evaluate/summary.h"

namespace {

using fovea::evaluate::BinaryCounts;
using fovea::evaluate::BootstrapOptions;
using fovea::evaluate::Comparison;
using fovea::evaluate::Confusion;
using fovea::evaluate::Curve;
using fovea::evaluate::Evaluation;
using fovea::evaluate::EvaluationOptions;
using fovea::evaluate::Evaluator;
using fovea::evaluate::Group;
using fovea::evaluate::Interval;
using fovea::evaluate::McNemar;
using fovea::evaluate::Proportion;
using fovea::evaluate::ReliabilityBin;
using fovea::evaluate::Resampler;
using fovea::evaluate::RowCount;
using fovea::evaluate::Sample;
using fovea::evaluate::Target;
using nlohmann::json;

json to_json(const Interval& interval) { return {interval.low, interval.high}; }

json to_json(const McNemar& test) {
  return {{"table", {{test.both_right, test.only_first_right}, {test.only_second_right, test.both_wrong}}},
          {"exact_p", test.exact_p},
          {"chi_square", test.chi_square},
          {"chi_square_p", test.chi_square_p}};
}

json to_json(const BinaryCounts& counts) {
  return {counts.true_positives, counts.false_positives, counts.false_negatives, counts.true_negatives};
}

json to_json(const Curve& curve) {
  json points = json::array();
  for (const auto& point : curve.points) {
    points.push_back({point.threshold, point.true_positives, point.false_positives});
  }
  return {{"positives", curve.positives}, {"negatives", curve.negatives}, {"points", std::move(points)}};
}

json to_json(const std::vector<ReliabilityBin>& bins) {
  json result = json::array();
  for (const auto& bin : bins) result.push_back({bin.low, bin.high, bin.rows, bin.mean_probability, bin.observed});
  return result;
}

json to_json(const Target& target) {
  return {{"grade", target.grade},
          {"counts", to_json(target.counts)},
          {"curve", to_json(target.curve)},
          {"operating_counts", to_json(target.operating_point.counts)},
          {"reliability", to_json(target.reliability)}};
}

json to_json(const Evaluation& evaluation) {
  json metrics = json::object(), keys = json::array();
  for (const auto& metric : evaluation.metrics) {
    keys.push_back(metric.key);
    metrics[metric.key] = {{"value", metric.value},
                           {"bootstrap", to_json(metric.bootstrap.interval)},
                           {"undefined", metric.bootstrap.undefined},
                           {"spread", metric.bootstrap.spread},
                           {"interval", to_json(metric.interval())},
                           {"wilson", to_json(metric.wilson)}};
    if (metric.newcombe) metrics[metric.key]["newcombe"] = to_json(*metric.newcombe);
    if (metric.proportion) metrics[metric.key]["proportion"] = {metric.proportion->count, metric.proportion->of};
  }
  json confusion = json::array();
  for (int truth = 0; truth < evaluation.confusion.classes(); ++truth) {
    for (int predicted = 0; predicted < evaluation.confusion.classes(); ++predicted) {
      confusion.push_back(evaluation.confusion.at(truth, predicted));
    }
  }
  return {{"keys", std::move(keys)},           {"metrics", std::move(metrics)},
          {"confusion", std::move(confusion)}, {"referable", to_json(evaluation.referable)},
          {"any", to_json(evaluation.any)},    {"reliability", to_json(evaluation.reliability)}};
}

json to_json(const Comparison& comparison) {
  return {{"same_grade", comparison.same_grade},
          {"mcnemar", to_json(comparison.mcnemar)},
          {"kappas", {comparison.first_kappa, comparison.second_kappa}},
          {"difference", comparison.kappa_difference},
          {"interval", to_json(comparison.kappa_difference_interval.interval)},
          {"undefined", comparison.kappa_difference_interval.undefined}};
}

/// The values of one resample, in the order of the metrics.
class Values final : public fovea::evaluate::Sink {
 public:
  void about(Group, int) override {}
  void number(const char*, const char*, double value) override { values.push_back(value); }
  void proportion(const char*, const char*, Proportion proportion) override { values.push_back(proportion.value()); }
  void area(const char*, const char*, double value, std::int64_t, std::int64_t) override { values.push_back(value); }

  json values = json::array();
};

/// Resamples 0 ... count - 1: how often each row was drawn (rows in order of true, then predicted grade), and what the
/// metrics became.
json resamples(const Sample& sample, const EvaluationOptions& options, int count) {
  const Evaluator evaluator(sample, options);
  const Resampler resampler(evaluator.strata(), options.bootstrap.seed);
  Confusion scratch(sample.classes);
  std::vector<RowCount> counts(sample.rows());
  json draws = json::array();
  for (int index = 0; index < count; ++index) {
    resampler.draw(index, counts);
    Values values;
    evaluator.measure(counts, scratch, values);
    draws.push_back({{"counts", counts}, {"values", std::move(values.values)}});
  }
  return draws;
}

/// The fastest of some evaluations, in seconds.
double seconds(const Sample& sample, const EvaluationOptions& options, int repetitions) {
  double best = 1e9;
  for (int i = 0; i < repetitions; ++i) {
    const auto start = std::chrono::steady_clock::now();
    evaluate(sample, options);
    const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - start;
    best = std::min(best, taken.count());
  }
  return best;
}

json answer(const json& input) {
  if (input.contains("mcnemar")) {
    const auto counts = input["mcnemar"].get<std::vector<std::int64_t>>();
    return to_json(fovea::evaluate::mcnemar(counts.at(0), counts.at(1), counts.at(2), counts.at(3)));
  }
  const Sample sample{input.at("classes"), input.at("truth"), input.at("predicted"), input.at("probabilities")};
  const BootstrapOptions bootstrap{input.at("resamples"), input.at("seed"), input.at("threads")};
  const EvaluationOptions options{input.at("referable"), input.at("target_sensitivity"), input.at("bins"), bootstrap};
  if (const int repetitions = input.value("time", 0); repetitions > 0) {
    return {{"seconds", seconds(sample, options, repetitions)}};
  }
  json result = to_json(evaluate(sample, options));
  if (const int count = input.value("draws", 0); count > 0) result["draws"] = resamples(sample, options, count);
  if (input.contains("second")) {
    const auto second = input["second"].get<std::vector<int>>();
    result["comparison"] = to_json(compare(sample.classes, sample.truth, sample.predicted, second, bootstrap));
  }
  return result;
}

}  // namespace

int main() {
  try {
    json answers = json::array();
    for (const json& input : json::parse(std::cin)) answers.push_back(answer(input));
    std::cout << answers << "\n";  // doubles in as many digits as tell them apart; NaN and infinity as null
  } catch (const std::exception& e) {
    std::cerr << "fovea-evaluate: " << e.what() << "\n";
    return 2;
  }
}
