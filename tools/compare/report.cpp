// report.html, from its sections.
#include "tools/compare/report.h"

#include <filesystem>

#include "engine/fovea.h"
#include "tools/common/html.h"
#include "tools/common/labels.h"
#include "tools/common/text.h"
#include "tools/compare/report_sections.h"
#include "tools/compare/report_style.h"

namespace fovea::tools {

namespace {

std::string name_of(const std::string& path) { return escaped(std::filesystem::path(path).filename().string()); }

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

std::string pictures_section(const std::vector<DrawnPicture>& pictures) {
  std::string html = "<div class=\"pictures\">";
  for (const DrawnPicture& drawn : pictures) {
    html += "<figure><img width=\"1600\" height=\"1000\" alt=\"" +
            escaped(drawn.picture.title + ". " + drawn.picture.shows) + "\" src=\"" +
            data_uri("image/svg+xml", drawn.svg) + "\"><figcaption>" + escaped(drawn.picture.shows) +
            "</figcaption></figure>\n";
  }
  return section("Pictures", html + "</div>");
}

}  // namespace

std::string report_html(const Study& study, const std::vector<DrawnPicture>& pictures, const Thumbnails& thumbnails) {
  const std::string title = name_of(study.predictions.list.file) + " against " + name_of(study.reference.file);
  std::string html = head(study, title);
  html += "<header><h1>" + title + "</h1>\n<p class=\"soft\">How good the grades are, measured on " +
          count_text(study.sample.rows(), "image") +
          ". Intervals are at 95 %. The benchmark is a reference to compare with, it may have errors of its own.</p>"
          "</header>\n<main>\n";
  html += warnings_section(study) + tiles_section(study) + findings_section(study) + pictures_section(pictures) +
          metrics_section(study) + second_section(study) + cases_sections(study, thumbnails) + timing_section(study) +
          provenance_section(study);
  html += "</main>\n<footer>Made by benchmark-compare of fovea " + escaped(version()) +
          ", which is no medical device.</footer>\n</body>\n</html>\n";
  return html;
}

}  // namespace fovea::tools
