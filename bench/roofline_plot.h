// The picture of a report: the machine's roofs and the layers below (or above) them.
#pragma once

#include "bench/report.h"
#include "tools/common/drawing/drawing.h"

namespace fovea::bench {

/// The layers that count arithmetic.
tools::Drawing roofline_drawing(const Report& report);

}  // namespace fovea::bench
