// What the pictures of a comparison share: colours, the head of a page, a plot over the unit square.
#pragma once

#include <string>
#include <vector>

#include "tools/common/page.h"

namespace fovea::tools {

// Dark and light, so that they differ in grey too.
inline constexpr Colour kPaper{255, 255, 255}, kInk{33, 37, 41}, kSoftInk{95, 102, 110}, kGridLine{226, 230, 234};
inline constexpr Colour kDark{30, 82, 140}, kLight{245, 186, 110}, kMarkFill{178, 34, 34};

/// Where the bars of a picture without a legend stand.
inline constexpr double kBarsLeft = 150, kBarsRight = 1550, kBarsBottom = 180, kBarsTop = 790;

/// Where a UnitPlot stands, and its legend begins.
inline constexpr Point kPlotCorner{170, 150}, kPlotOpposite{870, 850};
inline constexpr double kLegendLeft = 930;

struct ChartHead {
  std::string title, subtitle;
  std::string mark;  ///< written in a warning colour over the lower edge; may be empty
};

void draw_head(const Page& page, const ChartHead& head);

/// A filled rectangle with an outline.
void draw_box(const Page& page, Colour fill, Point corner, Point opposite);

/// One line of at most `width` page units.
std::string fitted(const std::string& line, double height, double width);

enum class Stroke { solid, dashed, dotted };

/// A curve through `points` in page units. Points closer than the eye tells apart are left out.
void draw_curve(const Page& page, Colour colour, double width, Stroke stroke, const std::vector<Point>& points);

/// A plot of [0, 1] x [0, 1], in the left of the page; the right is for its legend.
class UnitPlot {
 public:
  UnitPlot(const Page& page, Point corner, Point opposite) : page_(page), corner_(corner), opposite_(opposite) {}
  Point place(double x, double y) const {
    return {corner_.x + x * (opposite_.x - corner_.x), corner_.y + y * (opposite_.y - corner_.y)};
  }
  std::vector<Point> place(const std::vector<Point>& points) const;
  void draw_axes(const std::string& x_label, const std::string& y_label) const;

 private:
  const Page& page_;
  Point corner_, opposite_;
};

}  // namespace fovea::tools
