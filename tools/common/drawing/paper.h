// A chart on a sheet of its own, as a paper or a talk shows it: with a title, what it was measured on, and a mark.
#pragma once

#include <functional>
#include <string>

#include "tools/common/drawing/drawing.h"

namespace fovea::tools {

struct PaperHead {
  std::string title, subtitle;
  std::string mark;  ///< written in a warning colour under the chart, e.g. "demo, not for patients"; may be empty
};

/// `draw` adds its chart below what the drawing has already, in the width that it has.
Drawing paper(const PaperHead& head, const std::function<void(Drawing&)>& draw);

}  // namespace fovea::tools
