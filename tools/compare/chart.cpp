// What the pictures of a comparison share.
#include "tools/compare/chart.h"

#include <algorithm>
#include <cmath>

#include "tools/common/picture.h"
#include "tools/common/text.h"

namespace fovea::tools {

namespace {

// Cuts a curve into strokes of `on` units with gaps of `off` units.
std::vector<std::vector<Point>> dashes(const std::vector<Point>& points, double on, double off) {
  std::vector<std::vector<Point>> strokes;
  double left = on;  // of the current stroke or gap
  bool pen = true;
  if (!points.empty()) strokes.push_back({points.front()});
  for (std::size_t i = 1; i < points.size(); ++i) {
    const Point from = points[i - 1], to = points[i];
    const double length = std::hypot(to.x - from.x, to.y - from.y);
    double done = 0;
    while (length - done > left) {
      done += left;
      const Point at{from.x + (to.x - from.x) * done / length, from.y + (to.y - from.y) * done / length};
      if (pen) {
        strokes.back().push_back(at);
      } else {
        strokes.push_back({at});
      }
      pen = !pen;
      left = pen ? on : off;
    }
    left -= length - done;
    if (pen) strokes.back().push_back(to);
  }
  return strokes;
}

}  // namespace

void draw_head(const Page& page, const ChartHead& head) {
  page.text(kInk, {38, true}, {60, 955}, fitted(head.title, 38, 1480));
  page.text(kSoftInk, {26}, {60, 906}, fitted(head.subtitle, 26, 1480));
  if (head.mark.empty()) return;
  page.rectangle(kMarkFill, {0, 0}, {kPageWidth, 46});
  page.text(kPaper, {27, true, Align::centre}, {kPageWidth / 2, 23}, head.mark);
}

void draw_box(const Page& page, Colour fill, Point corner, Point opposite) {
  page.rectangle(fill, corner, opposite);
  page.line(kInk, 1.5, corner, {opposite.x, corner.y});
  page.line(kInk, 1.5, {opposite.x, corner.y}, opposite);
  page.line(kInk, 1.5, opposite, {corner.x, opposite.y});
  page.line(kInk, 1.5, {corner.x, opposite.y}, corner);
}

std::string fitted(const std::string& line, double height, double width) {
  const std::vector<std::string> lines =
      wrapped(line, static_cast<std::size_t>(width / (height * kWideColumnShare)), 1);
  return lines.empty() ? "" : lines.front();
}

void draw_curve(const Page& page, Colour colour, double width, Stroke stroke, const std::vector<Point>& points) {
  constexpr double kVisible = 1;
  std::vector<Point> drawn;
  for (std::size_t i = 0; i < points.size(); ++i) {
    const bool near =
        !drawn.empty() && std::hypot(points[i].x - drawn.back().x, points[i].y - drawn.back().y) < kVisible;
    if (!near || i + 1 == points.size()) drawn.push_back(points[i]);
  }
  if (stroke == Stroke::solid) {
    page.curve(colour, width, drawn);
    return;
  }
  const bool dashed = stroke == Stroke::dashed;
  for (const auto& part : dashes(drawn, dashed ? 22 : 4, dashed ? 14 : 10)) page.curve(colour, width, part);
}

std::vector<Point> UnitPlot::place(const std::vector<Point>& points) const {
  std::vector<Point> placed;
  placed.reserve(points.size());
  for (const Point& point : points) placed.push_back(place(point.x, point.y));
  return placed;
}

void UnitPlot::draw_axes(const std::string& x_label, const std::string& y_label) const {
  for (int i = 0; i <= 5; ++i) {
    const double mark = i / 5.0;
    page_.line(kGridLine, 1.5, place(mark, 0), place(mark, 1));
    page_.line(kGridLine, 1.5, place(0, mark), place(1, mark));
    const Point below = place(mark, 0), left = place(0, mark);
    page_.text(kSoftInk, {25, false, Align::centre}, {below.x, below.y - 26}, fixed_text(mark, 1));
    page_.text(kSoftInk, {25, false, Align::right}, {left.x - 14, left.y}, fixed_text(mark, 1));
  }
  page_.line(kSoftInk, 2, place(0, 0), place(1, 0));
  page_.line(kSoftInk, 2, place(0, 0), place(0, 1));
  page_.text(kInk, {27, false, Align::centre}, {place(0.5, 0).x, corner_.y - 68}, x_label);
  page_.text(kInk, {27, false, Align::centre, {0, 1}}, {corner_.x - 92, place(0, 0.5).y}, y_label);
}

}  // namespace fovea::tools
