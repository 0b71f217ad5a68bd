// What the charts of a comparison share.
#include "tools/compare/charts/chart.h"

#include "text/text.h"

namespace fovea::tools {

namespace {

constexpr double kLeft = 52, kRight = 14, kBottom = 46;
constexpr double kSideWhenWide = 330;
constexpr double kSwatch = 30;  // of a legend's line, with its gap

void draw_operating_point(Drawing& drawing, Colour colour, Point at) {
  drawing.disc(kInk, at, 6.5);
  drawing.disc(kPaper, at, 5.2);
  drawing.disc(colour, at, 3.6);
}

}  // namespace

void draw_disc(Drawing& drawing, Colour colour, Point at) { drawing.disc(colour, at, 4.5); }

void draw_ring(Drawing& drawing, Colour colour, Point at) {
  drawing.disc(colour, at, 4.5);
  drawing.disc(kPaper, at, 2.5);
}

UnitPlot::UnitPlot(Drawing& drawing, const std::string& x_label, const std::string& y_label)
    : drawing_(drawing),
      left_(kLeft),
      top_(drawing.height() + kMargin),
      side_(drawing.width() >= kRoomBeside ? kSideWhenWide : drawing.width() - kLeft - kRight) {
  for (int i = 0; i <= 5; ++i) {
    const double mark = i / 5.0;
    drawing.line(kGridLine, 1, place(mark, 0), place(mark, 1));
    drawing.line(kGridLine, 1, place(0, mark), place(1, mark));
    const Point below = place(mark, 0), left = place(0, mark);
    drawing.text(kSoftInk, {.align = Align::centre}, {below.x, below.y + 16}, fixed_text(mark, 1));
    drawing.text(kSoftInk, {.align = Align::right}, {left.x - 6, left.y}, fixed_text(mark, 1));
  }
  drawing.line(kSoftInk, 1, place(0, 0), place(1, 0));
  drawing.line(kSoftInk, 1, place(0, 0), place(0, 1));
  drawing.text(kInk, {.align = Align::centre}, {place(0.5, 0).x, place(0, 0).y + 34}, x_label);
  drawing.text(kInk, {.align = Align::centre, .turn = 90}, {left_ - 40, place(0, 0.5).y}, y_label);
  const bool beside = drawing.width() >= kRoomBeside;
  legend_ = beside ? Point{left_ + side_ + 24, top_ + 8} : Point{kMargin, top_ + side_ + kBottom + kLineHeight / 2};
  drawing.extend(top_ + side_ + kBottom);
}

void UnitPlot::curve(const LineStyle& style, const std::vector<Point>& points) {
  std::vector<Point> placed;
  placed.reserve(points.size());
  for (const Point& point : points) placed.push_back(place(point.x, point.y));
  drawing_.curve(style.colour, style.width, style.stroke, placed);
}

void UnitPlot::operating_point(Colour colour, Point at) { draw_operating_point(drawing_, colour, place(at.x, at.y)); }

double UnitPlot::add_lines(const TextStyle& style, Colour colour, double indent, const std::string& text) {
  const double left = legend_.x + indent;
  return drawing_.lines(colour, style, {left, legend_.y}, drawing_.width() - left - kMargin, text);
}

void UnitPlot::legend(const LineStyle& style, Mark mark, const std::string& heading,
                      const std::vector<std::string>& lines) {
  const Point from = legend_, to{legend_.x + kSwatch - 6, legend_.y};
  drawing_.curve(style.colour, style.width, style.stroke, {from, to});
  if (mark != nullptr) mark(drawing_, style.colour, {(from.x + to.x) / 2, from.y});
  std::string words = heading;
  legend_.y = add_lines({.bold = true}, kInk, kSwatch, heading);
  for (const std::string& line : lines) {
    legend_.y = add_lines({}, kInk, kSwatch, line);
    words += (words == heading ? ": " : ", ") + line;
  }
  legend_.y += 4;
  drawing_.describe(words + ".");
}

void UnitPlot::legend_operating_point(const std::string& text) {
  draw_operating_point(drawing_, kPaper, {legend_.x + (kSwatch - 6) / 2, legend_.y});
  legend_.y = add_lines({}, kInk, kSwatch, text) + 4;
}

void UnitPlot::legend_text(const std::string& text) { legend_.y = add_lines({}, kSoftInk, 0, text) + 4; }

void UnitPlot::finish() { drawing_.extend(legend_.y - kLineHeight / 2 + kMargin); }

}  // namespace fovea::tools
