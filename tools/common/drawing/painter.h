// A drawing as pixels, with smooth edges.
#pragma once

#include <fovea/prepare.h>
#include "tools/common/drawing/drawing.h"

namespace fovea::tools {

/// Throws Error where no font is installed, without which painted() cannot be.
void check_fonts();

/// `pixels` of them stand for one unit of the drawing. Throws Error.
Image painted(const Drawing& drawing, double pixels);

}  // namespace fovea::tools
