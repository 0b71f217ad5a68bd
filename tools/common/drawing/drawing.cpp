// A drawing as data.
#include "tools/common/drawing/drawing.h"

#include <cmath>

#include "text/text_width.h"

namespace fovea::tools {

void Drawing::line(Colour colour, double width, Point from, Point to) {
  parts_.emplace_back(Curve{colour, width, Stroke::solid, {from, to}});
}

void Drawing::curve(Colour colour, double width, Stroke stroke, const std::vector<Point>& points) {
  constexpr double kVisible = 0.4;
  std::vector<Point> drawn;
  for (std::size_t i = 0; i < points.size(); ++i) {
    const bool near =
        !drawn.empty() && std::hypot(points[i].x - drawn.back().x, points[i].y - drawn.back().y) < kVisible;
    if (!near || i + 1 == points.size()) drawn.push_back(points[i]);
  }
  if (drawn.size() > 1) parts_.emplace_back(Curve{colour, width, stroke, std::move(drawn)});
}

void Drawing::box(Colour fill, Point corner, Point opposite, double outline) {
  parts_.emplace_back(Box{fill, corner, opposite, outline});
}

void Drawing::disc(Colour fill, Point centre, double radius, double opacity) {
  parts_.emplace_back(Disc{fill, centre, radius, opacity});
}

void Drawing::text(Colour colour, const TextStyle& style, Point at, const std::string& text) {
  if (!text.empty()) parts_.emplace_back(Label{colour, style, at, text});
}

double Drawing::lines(Colour colour, const TextStyle& style, Point at, double width, const std::string& text) {
  for (const std::string& line : wrapped(text, width, style.size, style.bold)) {
    this->text(colour, style, at, line);
    at.y += style.size * (kLineHeight / kTextSize);
  }
  return at.y;
}

}  // namespace fovea::tools
