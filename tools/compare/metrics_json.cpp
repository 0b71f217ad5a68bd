// metrics.json: everything that was measured, and what it was measured on.
#include <nlohmann/json.hpp>

#include <fovea/version.h>
#include "tools/common/grade/labels.h"
#include "tools/compare/result_texts.h"
#include "tools/compare/study/metric_text.h"

namespace fovea::tools {

namespace {

using Json = nlohmann::ordered_json;

// NaN becomes null.
Json interval_json(const evaluate::Interval& interval) { return {interval.low, interval.high}; }

Json text_or_null(const std::string& text) { return text.empty() ? Json() : Json(text); }

Json facts_json(const Facts& facts) {
  Json json = Json::object();
  for (const auto& [key, value] : facts) {
    Json parsed = key == "card" ? Json::parse(value, nullptr, /*allow_exceptions=*/false) : Json();
    json[key] = parsed.is_object() ? std::move(parsed) : Json(value);
  }
  return json;
}

Json metric_json(const Study& study, const evaluate::Metric& metric) {
  Json json{{"title", metric.title},
            {"value", metric.value},
            {"interval_95", interval_json(metric.interval())},
            {"interval_method", text_or_null(interval_method(metric))},
            {"no_interval", text_or_null(no_interval_text(study, metric))},
            {"bootstrap_95", interval_json(metric.bootstrap.interval)},
            {"resamples_undefined", metric.bootstrap.undefined}};
  if (metric.proportion) {
    json["count"] = metric.proportion->count;
    json["of"] = metric.proportion->of;
    json["wilson_95"] = interval_json(metric.wilson);
  }
  return json;
}

Json bins_json(const std::vector<evaluate::ReliabilityBin>& bins) {
  Json json = Json::array();
  for (const evaluate::ReliabilityBin& bin : bins) {
    json.push_back({{"low", bin.low},
                    {"high", bin.high},
                    {"rows", bin.rows},
                    {"mean_probability", bin.mean_probability},
                    {"observed", bin.observed},
                    {"observed_wilson_95", interval_json(evaluate::wilson({bin.came_true, bin.rows}))}});
  }
  return json;
}

Json target_json(const evaluate::Target& target, bool probabilities) {
  Json json{{"grade", target.grade},
            {"true_positives", target.counts.true_positives},
            {"false_positives", target.counts.false_positives},
            {"false_negatives", target.counts.false_negatives},
            {"true_negatives", target.counts.true_negatives}};
  if (probabilities) json["reliability"] = bins_json(target.reliability);
  return json;
}

Json second_json(const Study& study, const SecondModel& second) {
  const evaluate::Comparison& c = second.comparison;
  return {{"predictions", facts_json(second.predictions.origin)},
          {"rows", c.rows},
          {"same_grade", c.same_grade},
          {"disagreements", second.disagreements.size()},
          {"both_right", c.mcnemar.both_right},
          {"only_first_right", c.mcnemar.only_first_right},
          {"only_second_right", c.mcnemar.only_second_right},
          {"both_wrong", c.mcnemar.both_wrong},
          {"mcnemar_exact_p", c.mcnemar.exact_p},
          {"mcnemar_chi_square", c.mcnemar.chi_square},
          {"mcnemar_chi_square_p", c.mcnemar.chi_square_p},
          {"first_quadratic_kappa", c.first_kappa},
          {"second_quadratic_kappa", c.second_kappa},
          {"kappa_difference", c.kappa_difference},
          {"kappa_difference_bootstrap_95", interval_json(c.kappa_difference_interval.interval)},
          {"no_interval", text_or_null(no_interval_text(study, c.kappa_difference_interval))}};
}

Json findings_json(const Findings& findings) {
  Json json = Json::object();
  for (std::size_t i = 0; i < kProblems; ++i) {
    const auto problem = static_cast<Problem>(i);
    json[problem_name(problem)] = findings.count(problem);
  }
  return json;
}

Json confusion_json(const evaluate::Confusion& confusion) {
  Json rows = Json::array();
  for (int truth = 0; truth < confusion.classes(); ++truth) {
    Json row = Json::array();
    for (int predicted = 0; predicted < confusion.classes(); ++predicted) row.push_back(confusion.at(truth, predicted));
    rows.push_back(std::move(row));
  }
  return rows;
}

}  // namespace

std::string metrics_json(const Study& study) {
  const bool probabilities = study.sample.has_probabilities();
  Json json;
  json["tool"] = "benchmark-compare";
  json["fovea_version"] = version();
  json["demo"] = study.demo;
  if (study.demo) json["warning"] = kDemoMark;
  json["n"] = study.sample.rows();
  json["classes"] = study.classes;
  json["benchmark"] = study.reference.file;
  json["predictions"] = facts_json(study.predictions.origin);
  json["run"] = facts_json(study.run);
  json["options"] = {{"referable", study.options.referable},
                     {"target_sensitivity", study.options.target_sensitivity},
                     {"resamples", study.options.bootstrap.resamples},
                     {"seed", study.options.bootstrap.seed}};
  if (!probabilities) json["no_probabilities"] = study.predictions.list.no_probabilities;
  json["warnings"] = study.warnings;
  json["findings"] = findings_json(study.findings);
  json["metrics"] = Json::object();
  for (const evaluate::Metric& metric : study.evaluation.metrics)
    json["metrics"][metric.key] = metric_json(study, metric);
  json["confusion"] = confusion_json(study.evaluation.confusion);
  json["referable"] = target_json(study.evaluation.referable, probabilities);
  json["any"] = target_json(study.evaluation.any, probabilities);
  if (probabilities) json["reliability"] = bins_json(study.evaluation.reliability);
  if (study.second) json["second"] = second_json(study, *study.second);
  if (study.timing) {
    Json steps = Json::object();
    for (const StepTime& time : study.times) steps[time.step] = time.seconds;
    json["timing"] = {{"images_per_second", study.images_per_second > 0 ? Json(study.images_per_second) : Json()},
                      {"seconds", std::move(steps)}};
  }
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace fovea::tools
