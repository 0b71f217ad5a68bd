// Pictures of results: a bar chart as PNG or SVG, drawn by PLplot's cairo drivers.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace fovea::tools {

struct Bar {
  std::string key;    ///< short, e.g. the grade
  std::string label;  ///< its name, may be empty
  std::size_t count = 0;
  bool highlighted = false;
};

struct BarChart {
  std::string title;
  std::string subtitle;
  std::string y_label;
  std::string highlight_label;  ///< what the second colour means; empty = no legend
  std::string mark;             ///< written in a warning colour, e.g. "demo, not for patients"; may be empty
  std::vector<Bar> bars;
};

/// Draws `chart` into the existing file `drawn`, whose extension says the format, and checks that the whole picture got
/// there. Throws Error naming `path`. Called by one thread at a time: PLplot's state is global.
void draw_bar_chart(const BarChart& chart, const std::string& drawn, const std::string& path);

/// Breaks `label` at blanks into at most `max_lines` lines of at most `width` columns; what does not fit ends in "…".
std::vector<std::string> wrapped(const std::string& label, std::size_t width, std::size_t max_lines);

/// Distance between the marks of an axis from 0 to `largest`: 1, 2 or 5 times a power of ten, at most `max_marks`
/// marks.
std::size_t axis_step(std::size_t largest, std::size_t max_marks);

}  // namespace fovea::tools
