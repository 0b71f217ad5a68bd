// The page over PLplot.
#include "tools/common/page.h"

#include <plplot/plplot.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "layers/error.h"
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

constexpr double kUnitsPerMillimetre = 4;  // PLplot states text heights in millimetres
constexpr double kColumnShare = 0.54;      // width of a character over the height of its text

struct Format {
  const char* device;
  double pixels_per_unit;
  double text_scale;   // PLplot's SVG driver takes one page size for text, whatever the resolution asked for
  std::string ending;  // what a complete file ends with
};

Format format_of(const std::string& path) {
  std::string extension = std::filesystem::path(path).extension().string();
  std::transform(extension.begin(), extension.end(), extension.begin(),
                 [](unsigned char c) { return static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c); });
  if (extension == ".png") return {"pngcairo", 1.0, 1.0, std::string("IEND\xAE\x42\x60\x82")};
  if (extension == ".svg") return {"svgcairo", 0.6, 0.6, "</svg>"};
  throw Error(printable(path) + ": a picture's name must end in .png or .svg");
}

// PLplot has a table of colours; every colour goes through one entry of it.
void use(Colour colour) {
  constexpr PLINT kEntry = 1;
  plscol0a(kEntry, colour.red, colour.green, colour.blue, colour.alpha);
  plcol0(kEntry);
}

// Points as PLplot takes them.
struct Coordinates {
  explicit Coordinates(const std::vector<Point>& points) {
    for (const Point& point : points) {
      x.push_back(point.x);
      y.push_back(point.y);
    }
  }
  std::vector<PLFLT> x, y;
};

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

}  // namespace

void check_picture(const std::string& path) {
  format_of(path);
  // PLplot itself would end the process, or ask on standard input for another device.
  const std::filesystem::path driver = driver_folder() / "cairo.driver_info";
  std::error_code error;
  if (!std::filesystem::exists(driver, error)) {
    throw Error(printable(path) + ": cannot draw pictures: PLplot's cairo driver is not installed (" + driver.string() +
                " is missing; package plplot-driver-cairo)");
  }
}

void Page::line(Colour colour, double width, Point from, Point to) const {
  use(colour);
  plwidth(width);
  pljoin(from.x, from.y, to.x, to.y);
}

void Page::curve(Colour colour, double width, const std::vector<Point>& points) const {
  const Coordinates at(points);
  use(colour);
  plwidth(width);
  plline(static_cast<PLINT>(points.size()), at.x.data(), at.y.data());
}

void Page::polygon(Colour colour, const std::vector<Point>& corners) const {
  const Coordinates at(corners);
  use(colour);
  plfill(static_cast<PLINT>(corners.size()), at.x.data(), at.y.data());
}

void Page::rectangle(Colour colour, Point corner, Point opposite) const {
  polygon(colour, {corner, {opposite.x, corner.y}, opposite, {corner.x, opposite.y}});
}

void Page::disc(Colour colour, Point centre, double radius) const {
  use(colour);
  plarc(centre.x, centre.y, radius, radius, 0, 360, 0, 1);
}

void Page::text(Colour colour, const TextStyle& style, Point at, const std::string& plain) const {
  std::string escaped;  // `#` starts an escape sequence in PLplot's texts
  for (const char c : printable(plain)) escaped += c == '#' ? std::string("##") : std::string(1, c);
  use(colour);
  plschr(style.height / kUnitsPerMillimetre, text_scale_);
  plsfont(PL_FCI_SANS, PL_FCI_UPRIGHT, style.bold ? PL_FCI_BOLD : PL_FCI_MEDIUM);
  const double just = style.align == Align::left ? 0 : style.align == Align::centre ? 0.5 : 1;
  plptex(at.x, at.y, style.direction.x, style.direction.y, just, escaped.c_str());
}

double text_width(const std::string& plain, double height) {
  return static_cast<double>(columns(plain)) * height * kColumnShare;
}

void draw_page(const std::string& drawn, const std::string& path, const std::function<void(const Page&)>& draw) {
  check_picture(path);
  const Format format = format_of(drawn);
  plplot_message().clear();
  plsexit([](const char* message) {
    plplot_message() = message;
    return 0;
  });
  plsdev(format.device);
  plsfnam(drawn.c_str());
  const double dots_per_inch = kUnitsPerMillimetre * format.pixels_per_unit * 25.4;
  plspage(dots_per_inch, dots_per_inch, static_cast<PLINT>(kPageWidth * format.pixels_per_unit),
          static_cast<PLINT>(kPageHeight * format.pixels_per_unit), 0, 0);
  plscolbg(255, 255, 255);
  plinit();
  pladv(0);
  plvpor(0, 1, 0, 1);
  plwind(0, kPageWidth, 0, kPageHeight);
  draw(Page(format.text_scale));
  plend();
  // The drivers report no write errors: a full disk shows as a file without its end.
  if (!plplot_message().empty() || !ends_with_text(drawn, format.ending)) {
    throw Error(printable(path) + ": the picture could not be written" +
                (plplot_message().empty() ? " (disk full?)" : ": " + printable(plplot_message())));
  }
}

}  // namespace fovea::tools
