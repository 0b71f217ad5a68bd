// The sections of report.html, each as HTML.
#pragma once

#include <string>

#include "tools/compare/study.h"
#include "tools/compare/thumbnails.h"

namespace fovea::tools {

/// What must be known before the figures; empty if nothing must.
std::string warnings_section(const Study& study);
std::string tiles_section(const Study& study);
std::string findings_section(const Study& study);
std::string metrics_section(const Study& study);
std::string second_section(const Study& study);
std::string timing_section(const Study& study);
std::string provenance_section(const Study& study);
std::string cases_sections(const Study& study, const Thumbnails& thumbnails);

/// "<section><h2>title</h2>content</section>"
std::string section(const std::string& title, const std::string& content);
/// A row of a table; `html` cells are HTML already. The first `texts` of them are texts, the others numbers.
std::string table_row(const std::vector<std::string>& html, std::size_t texts, const char* tag = "td");

}  // namespace fovea::tools
