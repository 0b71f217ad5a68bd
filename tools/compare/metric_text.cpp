// Metrics as text.
#include "tools/compare/metric_text.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "tools/common/text.h"

namespace fovea::tools {

namespace {

constexpr int kConsoleDecimals = 4;

using Row = std::array<std::string, 4>;

std::string aligned(const std::vector<Row>& rows) {
  std::array<std::size_t, 4> widths{};
  for (const Row& row : rows) {
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], columns(row[i]));
  }
  std::string text;
  for (const Row& row : rows) {
    std::string line = padded(row[0], widths[0]) + "  " + padded(row[1], widths[1], true) + "  " +
                       padded(row[2], widths[2]) + "  " + row[3];
    line.erase(line.find_last_not_of(' ') + 1);
    text += line + "\n";
  }
  return text;
}

}  // namespace

std::string grade_text(const std::vector<std::string>& classes, int grade) {
  const std::string& name = classes.at(static_cast<std::size_t>(grade));
  return std::to_string(grade) + (name.empty() ? "" : " " + name);
}

const evaluate::Metric* find_metric(const evaluate::Evaluation& evaluation, const std::string& key) {
  const auto found = std::find_if(evaluation.metrics.begin(), evaluation.metrics.end(),
                                  [&](const evaluate::Metric& metric) { return metric.key == key; });
  return found == evaluation.metrics.end() ? nullptr : &*found;
}

std::string value_text(double value, int decimals) {
  if (std::isnan(value)) return "-";
  return fixed_text(value, decimals);
}

std::string interval_text(const evaluate::Interval& interval, int decimals) {
  if (std::isnan(interval.low) || std::isnan(interval.high)) return "";
  return fixed_text(interval.low, decimals) + " to " + fixed_text(interval.high, decimals);
}

std::string proportion_text(const evaluate::Metric& metric) {
  if (!metric.proportion) return "";
  return std::to_string(metric.proportion->count) + " of " + std::to_string(metric.proportion->of);
}

std::string p_text(double p) {
  if (std::isnan(p)) return "-";
  return p < 0.001 ? "< 0.001" : fixed_text(p, 3);
}

std::string group_title(const Study& study, const evaluate::Metric& metric) {
  switch (metric.group) {
    case evaluate::Group::overall:
      return "All grades";
    case evaluate::Group::grade:
      return "Grade " + grade_text(study.classes, metric.grade) + ", support " +
             std::to_string(study.evaluation.confusion.true_total(metric.grade));
    case evaluate::Group::referable:
      return "Referable: grade " + std::to_string(metric.grade) + " and above";
    case evaluate::Group::any:
      return "Any: grade 1 and above";
  }
  return "";
}

std::string metrics_table(const Study& study) {
  std::vector<Row> rows{
      {"n = " + std::to_string(study.sample.rows()), "value", "95 % bootstrap", "cases (95 % Wilson)"}};
  std::string group;
  for (const evaluate::Metric& metric : study.evaluation.metrics) {
    const std::string next = printable(group_title(study, metric));
    if (next != group) rows.push_back({next, "", "", ""});
    group = next;
    std::string cases = proportion_text(metric);
    if (const std::string wilson = interval_text(metric.wilson, kConsoleDecimals); !wilson.empty()) {
      cases += " (" + wilson + ")";
    }
    rows.push_back({"  " + metric.title, value_text(metric.value, kConsoleDecimals),
                    interval_text(metric.bootstrap.interval, kConsoleDecimals), cases});
  }
  return aligned(rows);
}

}  // namespace fovea::tools
