// The files of drawings.
#include "tools/common/picture_file.h"

#include <plplot/plplot.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <numbers>

#include "layers/error.h"
#include "tools/common/svg.h"
#include "tools/common/text.h"

#ifdef __SANITIZE_ADDRESS__
// What fontconfig and PLplot's driver loader keep until the process ends is no leak of ours. The leak checker asks
// here. NOLINTBEGIN(bugprone-reserved-identifier): names that it looks for
extern "C" __attribute__((visibility("default"))) const char* __lsan_default_suppressions() {
  return "leak:libfontconfig\nleak:libltdl\n";
}
extern "C" __attribute__((visibility("default"))) const char* __lsan_default_options() {
  return "print_suppressions=0";
}
// NOLINTEND(bugprone-reserved-identifier)
#endif

namespace fovea::tools {

namespace {

constexpr double kPixelsPerUnit = 2.5;
constexpr double kDotsPerMillimetre = 4;
constexpr double kLettersOfSize = 1.07;  // what PLplot calls the height of characters, over the size of a font

bool is_svg(const std::string& path) {
  std::string extension = std::filesystem::path(path).extension().string();
  std::transform(extension.begin(), extension.end(), extension.begin(),
                 [](unsigned char c) { return static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c); });
  if (extension == ".svg") return true;
  if (extension == ".png") return false;
  throw Error(printable(path) + ": a picture's name must end in .png or .svg");
}

bool ends_with_text(const std::string& file, const std::string& ending) {
  std::ifstream stream(file, std::ios::binary | std::ios::ate);
  const std::streamoff size = stream ? std::streamoff(stream.tellg()) : 0;
  constexpr std::streamoff kTail = 64;
  stream.seekg(std::max<std::streamoff>(0, size - kTail));
  const std::string tail{std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
  return tail.find(ending) != std::string::npos;
}

std::filesystem::path driver_folder() {
  const char* set = std::getenv("PLPLOT_DRV_DIR");  // PLplot's own order: this first, then where it was installed
  return set != nullptr && *set != '\0' ? set : FOVEA_PLPLOT_DRIVERS;
}

// A message of PLplot before it would end the process; kept for the error.
std::string& plplot_message() {
  static std::string message;
  return message;
}

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

// Draws shapes on PLplot's open page, whose units are the drawing's, counted from the lower left.
class PlplotPage {
 public:
  explicit PlplotPage(double height) : height_(height) {}

  void operator()(const Curve& curve) const {
    use(curve.colour);
    plwidth(curve.width * kPixelsPerUnit);
    if (curve.stroke == Stroke::solid) {
      polyline(curve.points);
      return;
    }
    const bool dashed = curve.stroke == Stroke::dashed;
    for (const auto& part : dashes(curve.points, dashed ? 8 : 1.5, dashed ? 5 : 4)) polyline(part);
  }

  void operator()(const Box& box) const {
    const std::vector<Point> corners{
        box.corner, {box.opposite.x, box.corner.y}, box.opposite, {box.corner.x, box.opposite.y}, box.corner};
    const Coordinates at(*this, corners);
    use(box.fill);
    plfill(4, at.x.data(), at.y.data());
    if (box.outline > 0) (*this)(Curve{kInk, box.outline, Stroke::solid, corners});
  }

  void operator()(const Disc& disc) const {
    use(disc.fill, disc.opacity);
    plarc(disc.centre.x, height_ - disc.centre.y, disc.radius, disc.radius, 0, 360, 0, 1);
  }

  void operator()(const Label& label) const {
    std::string escaped;  // `#` starts an escape sequence in PLplot's texts
    for (const char c : printable(label.text)) escaped += c == '#' ? std::string("##") : std::string(1, c);
    use(label.colour);
    plschr(label.style.size * kPixelsPerUnit * kLettersOfSize / kDotsPerMillimetre, 1);
    plsfont(PL_FCI_SANS, PL_FCI_UPRIGHT, label.style.bold ? PL_FCI_BOLD : PL_FCI_MEDIUM);
    const double just = label.style.align == Align::left ? 0 : label.style.align == Align::centre ? 0.5 : 1;
    const double turn = label.style.turn * std::numbers::pi / 180;
    plptex(label.at.x, height_ - label.at.y, std::cos(turn), std::sin(turn), just, escaped.c_str());
  }

 private:
  // Points as PLplot takes them.
  struct Coordinates {
    Coordinates(const PlplotPage& page, const std::vector<Point>& points) {
      for (const Point& point : points) {
        x.push_back(point.x);
        y.push_back(page.height_ - point.y);
      }
    }
    std::vector<PLFLT> x, y;
  };

  // PLplot has a table of colours; every colour goes through one entry of it.
  static void use(Colour colour, double opacity = 1) {
    constexpr PLINT kEntry = 1;
    plscol0a(kEntry, colour.red, colour.green, colour.blue, opacity);
    plcol0(kEntry);
  }
  void polyline(const std::vector<Point>& points) const {
    const Coordinates at(*this, points);
    plline(static_cast<PLINT>(points.size()), at.x.data(), at.y.data());
  }

  double height_;
};

void draw_png(const Drawing& drawing, const std::string& drawn) {
  plplot_message().clear();
  plsexit([](const char* message) {
    plplot_message() = message;
    return 0;
  });
  plsdev("pngcairo");
  plsfnam(drawn.c_str());
  const double dots_per_inch = kDotsPerMillimetre * 25.4;
  plspage(dots_per_inch, dots_per_inch, static_cast<PLINT>(std::lround(drawing.width() * kPixelsPerUnit)),
          static_cast<PLINT>(std::lround(drawing.height() * kPixelsPerUnit)), 0, 0);
  plscolbg(kPaper.red, kPaper.green, kPaper.blue);
  plinit();
  pladv(0);
  plvpor(0, 1, 0, 1);
  plwind(0, drawing.width(), 0, drawing.height());
  for (const DrawingPart& part : drawing.parts()) std::visit(PlplotPage(drawing.height()), part);
  plend();
}

}  // namespace

void check_picture(const std::string& path) {
  if (is_svg(path)) return;
  // PLplot itself would end the process, or ask on standard input for another device.
  const std::filesystem::path driver = driver_folder() / "cairo.driver_info";
  std::error_code error;
  if (!std::filesystem::exists(driver, error)) {
    throw Error(printable(path) + ": cannot draw pictures: PLplot's cairo driver is not installed (" + driver.string() +
                " is missing; package plplot-driver-cairo)");
  }
}

void write_picture(const Drawing& drawing, AtomicFile& file) {
  const std::string path = file.path().string(), drawn = file.temporary_path().string();
  check_picture(path);
  if (is_svg(path)) {
    file.write("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n" + svg_element(drawing, "drawing"));
    return;
  }
  draw_png(drawing, drawn);
  // PLplot reports no write errors: a full disk shows as a file without its end.
  if (!plplot_message().empty() || !ends_with_text(drawn, "IEND\xAE\x42\x60\x82")) {
    throw Error(printable(path) + ": the picture could not be written" +
                (plplot_message().empty() ? " (disk full?)" : ": " + printable(plplot_message())));
  }
}

}  // namespace fovea::tools
