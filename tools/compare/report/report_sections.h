// The sections of report.html, each as HTML.
#pragma once

#include <string>

#include "tools/compare/study/study.h"

namespace fovea::tools {

/// What must be known before the figures; empty if nothing must.
std::string warnings_section(const Study& study);
std::string tiles_section(const Study& study);
std::string findings_section(const Study& study);
std::string metrics_section(const Study& study);
std::string second_section(const Study& study);
std::string timing_section(const Study& study);
std::string provenance_section(const Study& study);
std::string missed_section(const Study& study);
std::string other_cases_sections(const Study& study);

}  // namespace fovea::tools
