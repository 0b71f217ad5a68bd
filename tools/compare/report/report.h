// report.html: everything about one comparison in a single page that needs no network.
#pragma once

#include <string>

#include "tools/compare/study/study.h"

namespace fovea::tools {

/// The page. Whatever comes from files or the command line is escaped; it holds no script, and its content security
/// policy lets the browser load nothing.
std::string report_html(const Study& study);

}  // namespace fovea::tools
