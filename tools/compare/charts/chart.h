// What the charts of a comparison share: a plot over the unit square with its legend.
#pragma once

#include <string>
#include <vector>

#include "tools/common/drawing/drawing.h"

namespace fovea::tools {

/// How a curve looks, in the plot and in the legend.
struct LineStyle {
  Colour colour;
  double width = 2;
  Stroke stroke = Stroke::solid;
};

/// A plot of [0, 1] x [0, 1] below what the drawing has already. Its legend stands beside it where there is room, else
/// under it.
class UnitPlot {
 public:
  UnitPlot(Drawing& drawing, const std::string& x_label, const std::string& y_label);

  Point place(double x, double y) const { return {left_ + x * side_, top_ + (1 - y) * side_}; }
  void curve(const LineStyle& style, const std::vector<Point>& points);
  /// The disc has the colour of its curve and a white and a dark rim, so that it shows on any line.
  void operating_point(Colour colour, Point at);

  /// An entry of the legend: a line (and `mark`, drawn on its middle), a heading in bold and what is to be said.
  using Mark = void (*)(Drawing&, Colour, Point);
  void legend(const LineStyle& style, Mark mark, const std::string& heading, const std::vector<std::string>& lines);
  void legend_operating_point(const std::string& text);
  void legend_text(const std::string& text);
  /// What is drawn after this stands below the plot and its legend.
  void finish();

 private:
  double add_lines(const TextStyle& style, Colour colour, double indent, const std::string& text);

  Drawing& drawing_;
  double left_, top_, side_;
  Point legend_;  // where its next line stands
};

/// A filled and a hollow point: marks of legends and plots.
void draw_disc(Drawing& drawing, Colour colour, Point at);
void draw_ring(Drawing& drawing, Colour colour, Point at);

}  // namespace fovea::tools
