// The sections of report.html that show single images.
#include <cmath>

#include "text/html.h"
#include "text/text.h"
#include "tools/compare/report/report_sections.h"
#include "tools/compare/report/report_tables.h"
#include "tools/compare/report/thumbnails.h"
#include "tools/compare/study/cases.h"

namespace fovea::tools {

namespace {

constexpr std::size_t kShown = 12;
constexpr int kMostBars = 10;  // of more grades, only the two in question

std::string picture_of(const std::string& uri, const std::string& id) {
  if (uri.empty()) return "";
  return "<img alt=\"" + escaped(id) + "\" src=\"" + uri + "\">";
}

std::string bars_of(const Study& study, std::size_t row) {
  if (!study.sample.has_probabilities()) return "";
  const auto probabilities = study.sample.row_probabilities(row);
  std::string html = "<div class=\"bars\">";
  for (int grade = 0; grade < study.sample.classes; ++grade) {
    const bool asked = grade == study.sample.truth[row] || grade == study.sample.predicted[row];
    if (study.sample.classes > kMostBars && !asked) continue;
    const double p = probabilities[static_cast<std::size_t>(grade)];
    html += "<span>" + std::to_string(grade) + "</span><span class=\"bar\"><i style=\"width:" + fixed_text(100 * p, 1) +
            "%\"></i></span><span>" + fixed_text(p, 3) + "</span>";
  }
  return html + "</div>";
}

std::string case_item(const Study& study, const Case& shown) {
  const GradedEntry& reference = study.reference_of(shown.pair);
  const std::string picture = picture_of(thumbnail_of(study.prediction_of(shown.pair)), reference.id);
  return std::string("<li class=\"case") + (picture.empty() ? " plain" : "") + "\">" + picture +
         "<div><div class=\"id\">" + escaped(reference.id) + "</div><div>benchmark " +
         escaped(grade_text(study.classes, reference.grade)) + "</div><div>predicted " +
         escaped(grade_text(study.classes, study.sample.predicted[shown.row])) + "</div>" + bars_of(study, shown.row) +
         "</div></li>\n";
}

std::string cases_list(const Study& study, const Cases& cases) {
  std::string html = "<ul class=\"cases\">\n";
  for (const Case& shown : cases.shown) html += case_item(study, shown);
  return html + "</ul>\n";
}

std::string how_many(const Cases& cases, const std::string& noun) {
  const std::string all = count_text(cases.all, noun);
  return cases.all > cases.shown.size() ? all + ", the first " + std::to_string(cases.shown.size()) + " of them here"
                                        : all;
}

}  // namespace

std::string missed_section(const Study& study) {
  const Cases missed = missed_cases(study, kShown);
  std::string html =
      "<p>" + how_many(missed, "eye") + " with referable retinopathy graded below grade " +
      std::to_string(study.referable) + ", or with proliferative retinopathy graded lower" +
      (missed.all > 0 ? ": the proliferative first, then the farthest off, then the surest.</p>\n" : ".</p>\n");
  if (missed.all > 0) html += cases_list(study, missed);
  return section("Missed eyes", html);
}

std::string other_cases_sections(const Study& study) {
  const Cases others = other_wrong_cases(study, kShown);
  std::string rest = "<p>" + how_many(others, "other wrong grade") +
                     (others.all > 0 ? ": the farthest off first, then the surest.</p>\n" : ".</p>\n");
  if (others.all > 0) rest += cases_list(study, others);
  const std::string html = section("Other wrong grades", rest);
  if (!study.sample.has_probabilities()) return html;
  const Cases suspected = suspected_label_errors(study, kShown);
  std::string text =
      "<p>" + how_many(suspected, "image") + " where the prediction contradicts the benchmark with a probability of " +
      fixed_text(kConfident, 1) +
      " or more. Either the model is confidently wrong, or the benchmark is: a second look decides.</p>\n";
  if (suspected.all > 0) text += cases_list(study, suspected);
  return html + section("Suspected label errors", text);
}

}  // namespace fovea::tools
