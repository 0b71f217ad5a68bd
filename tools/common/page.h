// One page of a picture, PNG or SVG, drawn by PLplot's cairo drivers in units of its own: 1600 x 1000, from the lower
// left.
#pragma once

#include <functional>
#include <string>
#include <vector>

namespace fovea::tools {

inline constexpr double kPageWidth = 1600, kPageHeight = 1000;

struct Colour {
  int red = 0, green = 0, blue = 0;
  double alpha = 1;
};

struct Point {
  double x = 0, y = 0;
};

enum class Align { left, centre, right };

struct TextStyle {
  double height = 22;
  bool bold = false;
  Align align = Align::left;
  Point direction{1, 0};  ///< of reading
};

/// Throws Error unless `path` ends in .png or .svg and PLplot's driver for it is installed, so that a picture that can
/// never be drawn is found before any work is done.
void check_picture(const std::string& path);

/// Draws on the page that draw_page has open.
class Page {
 public:
  explicit Page(double text_scale) : text_scale_(text_scale) {}

  void line(Colour colour, double width, Point from, Point to) const;
  /// Through all points, in one stroke.
  void curve(Colour colour, double width, const std::vector<Point>& points) const;
  void polygon(Colour colour, const std::vector<Point>& corners) const;
  void rectangle(Colour colour, Point corner, Point opposite) const;
  void disc(Colour colour, Point centre, double radius) const;
  /// `at` is on the middle of the letters' height.
  void text(Colour colour, const TextStyle& style, Point at, const std::string& plain) const;

 private:
  double text_scale_;
};

/// Width of a character over the height of its text, on the wide side: for texts that must fit.
inline constexpr double kWideColumnShare = 0.56;

/// About how wide a text will be.
double text_width(const std::string& plain, double height);

/// Opens the existing file `drawn`, whose extension says the format, lets `draw` fill the page, and checks that the
/// whole picture got there. Throws Error naming `path`. Called by one thread at a time: PLplot's state is global.
void draw_page(const std::string& drawn, const std::string& path, const std::function<void(const Page&)>& draw);

}  // namespace fovea::tools
