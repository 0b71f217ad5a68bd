// The CSV files of a comparison.
#include "tools/compare/result_texts.h"

#include <cmath>

#include "text/names.h"
#include "text/text.h"
#include "tools/common/grade/labels.h"
#include "tools/compare/study/cases.h"
#include "tools/compare/study/metric_text.h"

namespace fovea::tools {

namespace {

std::string number_or_empty(double value) { return std::isnan(value) ? "" : number_text(value); }

std::string group_name(evaluate::Group group) {
  switch (group) {
    case evaluate::Group::overall:
      return "overall";
    case evaluate::Group::grade:
      return "grade";
    case evaluate::Group::referable:
      return "referable";
    case evaluate::Group::any:
      return "any";
    case evaluate::Group::yes_no:
      return "yes_no";
  }
  return "";
}

const char* mark_of(const Study& study) { return study.demo ? kDemoMark : ""; }

std::vector<std::string> metric_row(const Study& study, const evaluate::Metric& metric) {
  const auto count = [&](std::int64_t evaluate::Proportion::*member) {
    return metric.proportion ? std::to_string((*metric.proportion).*member) : "";
  };
  return {metric.key,
          group_name(metric.group),
          metric.grade >= 0 ? std::to_string(metric.grade) : "",
          metric.title,
          number_or_empty(metric.value),
          number_or_empty(metric.bootstrap.interval.low),
          number_or_empty(metric.bootstrap.interval.high),
          count(&evaluate::Proportion::count),
          count(&evaluate::Proportion::of),
          number_or_empty(metric.wilson.low),
          number_or_empty(metric.wilson.high),
          number_or_empty(metric.interval().low),
          number_or_empty(metric.interval().high),
          interval_method(metric),
          mark_of(study)};
}

}  // namespace

std::string benchmark_csv(const Study& study) {
  std::vector<std::string> header = study.benchmark.header;
  const std::size_t column = study.benchmark.column("Predictions").value_or(header.size());
  header.resize(std::max(header.size(), column + 1));
  header[column] = "Predictions";
  std::string text = csv_line(header);
  for (std::size_t i = 0; i < study.benchmark.rows.size(); ++i) {
    std::vector<std::string> cells = study.benchmark.rows[i].cells;
    cells.resize(header.size());
    const std::size_t prediction = study.joined.of_reference[i];
    cells[column] = prediction == kNone ? "" : std::to_string(study.predictions.list.entries[prediction].grade);
    text += csv_line(cells);
  }
  return text;
}

std::string worst_cases_csv(const Study& study) {
  std::string text = csv_line({"id_code", "Actual", "predicted", "kind", "p_actual", "p_predicted", "note"});
  const auto add = [&](const Cases& cases) {
    for (const Case& c : cases.shown) {
      const GradedEntry& entry = study.reference_of(c.pair);
      const auto probability = [&](int grade) {
        if (!study.sample.has_probabilities()) return std::string();
        return number_text(study.sample.row_probabilities(c.row)[static_cast<std::size_t>(grade)]);
      };
      const int predicted = study.sample.predicted[c.row];
      text +=
          csv_line({entry.id, std::to_string(entry.grade), std::to_string(predicted), harm_name(harm_of(study, c.row)),
                    probability(entry.grade), probability(predicted), mark_of(study)});
    }
  };
  add(missed_cases(study, study.sample.rows()));
  add(other_wrong_cases(study, study.sample.rows()));
  return text;
}

std::string metrics_csv(const Study& study) {
  std::string text =
      csv_line({"key", "group", "grade", "title", "value", "bootstrap_low", "bootstrap_high", "count", "of",
                "wilson_low", "wilson_high", "interval_low", "interval_high", "interval_method", "note"});
  const auto add_count = [&](const std::string& key, const std::string& group, const std::string& grade,
                             const std::string& title, std::int64_t count) {
    text +=
        csv_line({key, group, grade, title, std::to_string(count), "", "", "", "", "", "", "", "", "", mark_of(study)});
  };
  add_count("n", "overall", "", "Images", study.evaluation.confusion.total());
  for (int grade = 0; grade < study.sample.classes; ++grade) {
    const std::string number = std::to_string(grade);
    add_count("grade_" + number + "_support", "grade", number, "Support", study.evaluation.confusion.true_total(grade));
  }
  for (const evaluate::Metric& metric : study.evaluation.metrics) text += csv_line(metric_row(study, metric));
  return text;
}

std::string disagreements_csv(const Study& study) {
  std::string text = csv_line({"id_code", "Actual", "first", "second", "right", "note"});
  for (const Disagreement& d : study.second->disagreements) {
    const GradedEntry& entry = study.reference.entries[d.reference];
    const char* right = d.first == entry.grade ? "first" : d.second == entry.grade ? "second" : "none";
    text += csv_line({safe_id(entry.id), std::to_string(entry.grade), std::to_string(d.first), std::to_string(d.second),
                      right, mark_of(study)});
  }
  return text;
}

}  // namespace fovea::tools
