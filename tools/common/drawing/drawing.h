// A drawing as data: what a chart consists of, described once, before it becomes SVG with real text or a PNG.
// Units are CSS pixels of a page that is shown at its own size, counted from the upper left.
#pragma once

#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace fovea::tools {

struct Colour {
  int red = 0, green = 0, blue = 0;
};

struct Point {
  double x = 0, y = 0;
};

// Dark and light, so that they differ in grey too.
inline constexpr Colour kPaper{255, 255, 255}, kInk{27, 33, 39}, kSoftInk{75, 85, 95}, kGridLine{218, 224, 230};
inline constexpr Colour kDark{30, 82, 140}, kLight{245, 186, 110}, kOrange{190, 95, 10}, kMarkFill{178, 34, 34};

/// Of ordinary text. A drawing is never shown so small that this is less than 12 pixels.
inline constexpr double kTextSize = 12.5;
/// From one line of it to the next.
inline constexpr double kLineHeight = 17;
/// From the line that letters stand on to the middle of their height, which a label states; a share of their size.
inline constexpr double kMiddleOverBaseline = 0.36;
/// Left free at the edges.
inline constexpr double kMargin = 8;
/// From this width on, names stand beside their bars and rows, and a legend beside its plot.
inline constexpr double kRoomBeside = 480;

enum class Align { left, centre, right };
enum class Stroke { solid, dashed, dotted };

struct TextStyle {
  double size = kTextSize;
  bool bold = false;
  Align align = Align::left;
  double turn = 0;  ///< counter-clockwise, in degrees; 90 is read from below
};

struct Curve {
  Colour colour;
  double width = 1;
  Stroke stroke = Stroke::solid;
  std::vector<Point> points;
};

struct Box {
  Colour fill;
  Point corner, opposite;
  double outline = 0;  ///< width of its dark edge, 0 = none
};

struct Disc {
  Colour fill;
  Point centre;
  double radius = 0;
  double opacity = 1;
};

struct Label {
  Colour colour;
  TextStyle style;
  Point at;  ///< in the middle of the letters' height
  std::string text;
};

using DrawingPart = std::variant<Curve, Box, Disc, Label>;

class Drawing {
 public:
  Drawing(std::string title, double width) : title_(std::move(title)), width_(width) {}

  void line(Colour colour, double width, Point from, Point to);
  /// Through all points. Points closer than the eye tells apart are left out.
  void curve(Colour colour, double width, Stroke stroke, const std::vector<Point>& points);
  void box(Colour fill, Point corner, Point opposite, double outline = 0);
  void disc(Colour fill, Point centre, double radius, double opacity = 1);
  void text(Colour colour, const TextStyle& style, Point at, const std::string& text);
  /// As many lines as `text` needs in `width`, the first of them at `at`; returns the y of the line after the last.
  double lines(Colour colour, const TextStyle& style, Point at, double width, const std::string& text);

  /// Says in words what is drawn, for those who cannot see it.
  void describe(const std::string& sentence) { description_ += (description_.empty() ? "" : " ") + sentence; }
  /// Makes room to the right, or down to `bottom`; never less than there is.
  void widen(double width) { width_ = width > width_ ? width : width_; }
  void extend(double bottom) { height_ = bottom > height_ ? bottom : height_; }

  const std::string& title() const { return title_; }
  double width() const { return width_; }
  double height() const { return height_; }
  const std::string& description() const { return description_; }
  const std::vector<DrawingPart>& parts() const { return parts_; }

 private:
  std::string title_, description_;
  double width_, height_ = 0;
  std::vector<DrawingPart> parts_;
};

}  // namespace fovea::tools
