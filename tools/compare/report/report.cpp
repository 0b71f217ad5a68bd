// report.html, from its sections.
#include "tools/compare/report/report.h"

#include <cmath>
#include <filesystem>

#include <fovea/version.h>
#include "text/html.h"
#include "text/text.h"
#include "tools/common/drawing/svg.h"
#include "tools/common/grade/labels.h"
#include "tools/compare/charts/pictures.h"
#include "tools/compare/report/report_sections.h"
#include "tools/compare/report/report_style.h"
#include "tools/compare/report/report_tables.h"

namespace fovea::tools {

namespace {

std::string name_of(const std::string& path) { return std::filesystem::path(path).filename().string(); }

// The model's file if it is known, else that of its grades.
std::string model_name(const Predictions& predictions) {
  const std::string file = fact(predictions.origin, "model_file");
  return name_of(file.empty() ? predictions.list.file : file);
}

std::string models_of(const Study& study) {
  return model_name(study.predictions) + (study.second ? " and " + model_name(study.second->predictions) : "");
}

// "2031-05-04" of "2031-05-04T09:08:07Z".
std::string day_of(const std::string& time) { return time.substr(0, time.find('T')); }

std::string head(const Study& study, const std::string& title) {
  std::string html =
      "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; img-src data:; "
      "style-src 'unsafe-inline'\">\n"
      "<link rel=\"icon\" href=\"data:,\">\n<title>" +
      title + "</title>\n<style>" + kReportStyle + "</style>\n</head>\n<body>\n";
  if (study.demo) html += std::string("<div class=\"mark\" role=\"note\">") + kDemoMark + "</div>\n";
  return html;
}

bool is_wide(const Drawing& drawing) { return drawing.width() > kReportWidth; }

// A drawing wider than a telephone's screen has the whole width, and scrolls, with a sign, where that is not enough.
std::string figure(const Picture& picture, const Drawing& drawing) {
  const std::string hint = picture.name + "_hint";
  return std::string("<figure") + (is_wide(drawing) ? " class=\"wide\"" : "") + ">\n<style>@container (width < " +
         fixed_text(std::floor(drawing.width()), 0) + "px) { #" + hint + " { display: block } }</style>\n<h3>" +
         escaped(picture.title) + "</h3>\n<p class=\"hint\" id=\"" + hint +
         "\">wider than the screen, scroll sideways &#8596;</p>\n" +
         scrolled(picture.title, svg_element(drawing, picture.name)) + "<figcaption>" + escaped(picture.shows) +
         "</figcaption></figure>\n";
}

std::string pictures_section(const Study& study) {
  std::string narrow, wide;  // wide ones last, so that they leave no gaps between the others
  for (const Picture& picture : report_pictures(study)) {
    const Drawing drawing = report_drawing(picture, study);
    (is_wide(drawing) ? wide : narrow) += figure(picture, drawing);
  }
  return section("Pictures", "<div class=\"pictures\">\n" + narrow + wide + "</div>\n");
}

}  // namespace

std::string report_html(const Study& study) {
  const std::string what = escaped(models_of(study) + " on " + name_of(study.reference.file) + ", ");
  const std::string day = escaped(day_of(fact(study.run, "started")));
  std::string html = head(study, what + day) + "<header><h1>" + what + "<span class=\"date\">" + day +
                     "</span></h1>\n<p class=\"soft\">How good the grades are, measured on " +
                     count_text(study.sample.rows(), "image") +
                     ". Intervals are at 95 %. The benchmark is a reference to compare with, it may have errors of its "
                     "own.</p></header>\n<main>\n";
  html += warnings_section(study) + tiles_section(study) + findings_section(study) + missed_section(study) +
          pictures_section(study) + other_cases_sections(study) + metrics_section(study) + second_section(study) +
          timing_section(study) + provenance_section(study);
  html += "</main>\n<footer>Made by benchmark-compare of fovea " + escaped(version()) +
          ", which is no medical device.</footer>\n</body>\n</html>\n";
  return html;
}

}  // namespace fovea::tools
