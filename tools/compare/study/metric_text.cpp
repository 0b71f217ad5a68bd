// Metrics as text.
#include "tools/compare/study/metric_text.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "text/text.h"

namespace fovea::tools {

namespace {

constexpr int kConsoleDecimals = 4;

using Row = std::array<std::string, 5>;

std::string aligned(const std::vector<Row>& rows) {
  std::array<std::size_t, 5> widths{};
  for (const Row& row : rows) {
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], columns(row[i]));
  }
  std::string text;
  for (const Row& row : rows) {
    std::string line = padded(row[0], widths[0]) + "  " + padded(row[1], widths[1], true) + "  " +
                       padded(row[2], widths[2]) + "  " + padded(row[3], widths[3]) + "  " + row[4];
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

std::string interval_text(const evaluate::Metric& metric, int decimals) {
  return std::isnan(metric.value) ? "" : interval_text(metric.interval(), decimals);
}

std::string interval_method(const evaluate::Metric& metric) {
  if (interval_text(metric, 0).empty()) return "";
  return metric.proportion ? "Wilson" : metric.newcombe ? "Newcombe" : "bootstrap";
}

std::string no_interval_text(const Study& study, const evaluate::PercentileInterval& interval) {
  switch (interval.spread) {
    case evaluate::Spread::none:
      return "no spread";
    case evaluate::Spread::often_undefined:
      return "undefined in " + std::to_string(interval.undefined) + " of " +
             count_text(static_cast<std::size_t>(study.options.bootstrap.resamples), "resample");
    case evaluate::Spread::known:
    case evaluate::Spread::not_drawn:
      break;
  }
  return "";
}

std::string no_interval_text(const Study& study, const evaluate::Metric& metric) {
  if (std::isnan(metric.value) || !interval_text(metric, 0).empty()) return "";
  return no_interval_text(study, metric.bootstrap);
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
    case evaluate::Group::yes_no:
      return "Yes or no: 1 against grade " + std::to_string(metric.grade) + " and above";
  }
  return "";
}

std::string metrics_table(const Study& study) {
  std::vector<Row> rows{{"n = " + std::to_string(study.sample.rows()), "value", "95 % interval", "by", "cases"}};
  std::string group;
  for (const evaluate::Metric& metric : study.evaluation.metrics) {
    const std::string next = printable(group_title(study, metric));
    if (next != group) rows.push_back({next, "", "", "", ""});
    group = next;
    const std::string interval = interval_text(metric, kConsoleDecimals);
    rows.push_back({"  " + metric.title, value_text(metric.value, kConsoleDecimals),
                    interval.empty() ? no_interval_text(study, metric) : interval, interval_method(metric),
                    proportion_text(metric)});
  }
  return aligned(rows);
}

}  // namespace fovea::tools
