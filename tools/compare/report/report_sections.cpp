// The sections of report.html that are tables.
#include "tools/compare/report/report_sections.h"

#include "text/html.h"
#include "text/text.h"
#include "tools/compare/report/report_tables.h"
#include "tools/compare/study/metric_text.h"

namespace fovea::tools {

namespace {

constexpr int kReportDecimals = 3;

std::string tile(const Study& study, const std::string& title, const std::string& key) {
  const evaluate::Metric* metric = find_metric(study.evaluation, key);
  if (metric == nullptr) return "";
  const std::string interval = interval_text(*metric, kReportDecimals);
  return "<div class=\"tile\"><span>" + escaped(title) + "</span><b>" + value_text(metric->value, kReportDecimals) +
         "</b><span>" + (interval.empty() ? "no interval" : interval) + "</span></div>\n";
}

// A value with its interval after it, or below it where there is little room.
std::string with_interval(const std::string& value, const std::string& interval) {
  return "<span>" + value + "</span> <span class=\"interval\">" + interval + "</span>";
}

}  // namespace

std::string warnings_section(const Study& study) {
  std::string html;
  for (const std::string& warning : study.warnings) html += "<p>" + escaped(warning) + ".</p>\n";
  return html.empty() ? "" : section("Before you read the figures", html);
}

std::string tiles_section(const Study& study) {
  const std::string target = " (grade " + std::to_string(study.referable) + "+)";
  // Of a yes or no only what it can answer stands in front.
  const std::string yes_no = "yes_no_" + std::to_string(study.referable) + "_";
  const bool is_yes_no = find_metric(study.evaluation, yes_no + "sensitivity") != nullptr;
  const std::string group = is_yes_no ? yes_no : "referable_";
  std::string html = "<div class=\"tiles\">\n<div class=\"tile\"><span>Images</span><b>" +
                     std::to_string(study.sample.rows()) +
                     "</b><span>left out: " + std::to_string(study.reference.entries.size() - study.sample.rows()) +
                     " of the benchmark's rows</span></div>\n";
  if (!is_yes_no) {
    html += tile(study, "Quadratic weighted kappa", "quadratic_kappa") + tile(study, "Accuracy", "accuracy");
  }
  html += tile(study, "Sensitivity, referable" + target, group + "sensitivity") +
          tile(study, "Specificity, referable" + target, group + "specificity") +
          tile(study, "ROC AUC, referable" + target, group + "roc_auc");
  return html + "</div>\n";
}

std::string findings_section(const Study& study) {
  if (study.findings.empty()) {
    return section("What did not fit", "<p>Nothing: every id has one grade and one prediction.</p>\n");
  }
  constexpr std::size_t kListed = 20;
  std::string rows;
  const std::vector<Finding>& list = study.findings.list();
  for (std::size_t i = 0; i < std::min(kListed, list.size()); ++i) {
    const Finding& f = list[i];
    rows += table_row({escaped(problem_name(f.problem)), escaped(f.file), f.line > 0 ? std::to_string(f.line) : "",
                       escaped(f.id), escaped(f.detail)},
                      5);
  }
  std::string html = "<p>" + escaped(study.findings.summary()) +
                     ". These are no part of the figures below; findings.csv lists all of them.</p>\n";
  html += scrolled("what did not fit", table("what did not fit", {"Problem", "File", "Line", "Id", "Detail"}, 5, rows));
  if (list.size() > kListed) html += "<p class=\"soft\">and " + std::to_string(list.size() - kListed) + " more</p>\n";
  return section("What did not fit", html);
}

std::string metrics_section(const Study& study) {
  const std::vector<std::string> header{"Metric", with_interval("Value", "95 % interval"),
                                        with_interval("Cases", "interval by")};
  std::string html = "<div class=\"tables\">\n", rows, group;
  const auto close_group = [&] {
    if (!rows.empty()) html += "<div><h3>" + escaped(group) + "</h3>\n" + table(group, header, 1, rows) + "</div>\n";
    rows.clear();
  };
  for (const evaluate::Metric& metric : study.evaluation.metrics) {
    const std::string next = group_title(study, metric);
    if (next != group) close_group();
    group = next;
    std::string interval = interval_text(metric, kReportDecimals);
    if (const std::string none = no_interval_text(study, metric); !none.empty())
      interval = "<small>" + none + "</small>";
    rows += table_row({escaped(metric.title), with_interval(value_text(metric.value, kReportDecimals), interval),
                       with_interval(proportion_text(metric), interval_method(metric))},
                      1);
  }
  close_group();
  std::string notes =
      "<p class=\"soft\">Proportions carry Wilson's score interval, areas under the ROC curve Newcombe's "
      "(Statistics in Medicine 25, 2006, method 5), all else the bootstrap's: " +
      std::to_string(study.options.bootstrap.resamples) + " resamples, stratified by the benchmark's grade, seed " +
      std::to_string(study.options.bootstrap.seed) +
      ". \"No spread\" is an interval that the resamples cannot give: nearly all of them have the same "
      "value. A dash stands for what is undefined on these images.";
  if (!study.sample.has_probabilities()) {
    notes += " Metrics of probabilities are left out: " + escaped(study.predictions.list.no_probabilities) + ".";
  }
  return section("Metrics", html + "</div>\n" + notes + "</p>\n");
}

std::string second_section(const Study& study) {
  if (!study.second) return "";
  const SecondModel& second = *study.second;
  const evaluate::Comparison& c = second.comparison;
  std::string rows;
  const auto add = [&](const std::string& what, const std::string& value) { rows += table_row({what, value}, 1); };
  add("Images that both graded", std::to_string(c.rows));
  add("Same grade", std::to_string(c.same_grade));
  add("Both right", std::to_string(c.mcnemar.both_right));
  add("Only the first right", std::to_string(c.mcnemar.only_first_right));
  add("Only the second right", std::to_string(c.mcnemar.only_second_right));
  add("Both wrong", std::to_string(c.mcnemar.both_wrong));
  add("McNemar's test, exact p", p_text(c.mcnemar.exact_p));
  add("McNemar's test, chi-square with continuity correction",
      value_text(c.mcnemar.chi_square, kReportDecimals) + ", p " + p_text(c.mcnemar.chi_square_p));
  add("Quadratic weighted kappa of the first", value_text(c.first_kappa, kReportDecimals));
  add("Quadratic weighted kappa of the second", value_text(c.second_kappa, kReportDecimals));
  std::string interval = interval_text(c.kappa_difference_interval.interval, kReportDecimals);
  if (interval.empty()) interval = no_interval_text(study, c.kappa_difference_interval);
  add("Difference of kappa (first − second), 95 % of the paired bootstrap",
      value_text(c.kappa_difference, kReportDecimals) + (interval.empty() ? "" : " (" + interval + ")"));
  std::string html = "<p>First: " + escaped(study.predictions.list.file) +
                     "; second: " + escaped(second.predictions.list.file) + ".</p>\n" +
                     table("two models", {}, 1, rows);

  constexpr std::size_t kListed = 20;
  std::string list;
  for (std::size_t i = 0; i < std::min(kListed, second.disagreements.size()); ++i) {
    const Disagreement& d = second.disagreements[i];
    const GradedEntry& entry = study.reference.entries[d.reference];
    list += table_row({escaped(entry.id), escaped(grade_text(study.classes, entry.grade)),
                       escaped(grade_text(study.classes, d.first)), escaped(grade_text(study.classes, d.second))},
                      4);
  }
  html += "<h3>Where they disagree: " + count_text(second.disagreements.size(), "image") + "</h3>\n";
  if (!second.disagreements.empty()) {
    html += scrolled("disagreements", table("disagreements", {"Id", "Benchmark", "First", "Second"}, 4, list));
  }
  if (second.disagreements.size() > kListed) html += "<p class=\"soft\">disagreements.csv lists all of them.</p>\n";
  return section("Two models", html);
}

std::string timing_section(const Study& study) {
  if (!study.timing) return "";
  std::string rows;
  for (const StepTime& time : study.times) rows += table_row({escaped(time.step), fixed_text(time.seconds, 3)}, 1);
  std::string html = table("timing", {"Step", "Seconds"}, 1, rows);
  if (study.images_per_second > 0) html = "<p>" + fixed_text(study.images_per_second, 2) + " images/s</p>\n" + html;
  return section("Timing of this run", html);
}

std::string provenance_section(const Study& study) {
  std::string html = "<h3>This comparison</h3>\n" + facts_table("this comparison", study.run) +
                     "<h3>The predictions</h3>\n" + facts_table("the predictions", study.predictions.origin);
  if (study.second) {
    html += "<h3>The second model's</h3>\n" +
            facts_table("the second model's predictions", study.second->predictions.origin);
  }
  return section("Where this comes from", html);
}

}  // namespace fovea::tools
