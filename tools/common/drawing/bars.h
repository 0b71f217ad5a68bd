// A chart of lying bars: names of any length stand whole beside or above them, and every bar bears its number.
#pragma once

#include <string>
#include <vector>

#include "tools/common/drawing/drawing.h"

namespace fovea::tools {

struct Bar {
  Colour fill;
  double length = 0;  ///< on the same scale for all
  std::string text;   ///< at its end, e.g. the count
};

/// Bars that belong together, one below the other.
struct BarGroup {
  std::string name;
  std::vector<Bar> bars;
};

struct BarKey {
  Colour fill;
  std::string text;
};

/// Below what the drawing has already: the keys, one a line, then the groups.
void draw_bars(Drawing& drawing, const std::vector<BarKey>& keys, const std::vector<BarGroup>& groups);

}  // namespace fovea::tools
