// The picture of a report: the machine's roofs and the layers below (or above) them.
#pragma once

#include <string>

#include "bench/report.h"

namespace fovea::bench {

/// Draws the layers that count arithmetic into the existing file `drawn` for `path` (see draw_page). Throws Error.
void draw_roofline(const Report& report, const std::string& drawn, const std::string& path);

}  // namespace fovea::bench
