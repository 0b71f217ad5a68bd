// The page over PLplot.
#include "bench/page.h"

#include <plplot/plplot.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "layers/error.h"
#include "tools/common/picture.h"
#include "tools/common/text.h"

namespace fovea::bench {

namespace {

constexpr double kUnitsPerMillimetre = 4;  // PLplot states text heights in millimetres
constexpr double kColumnShare = 0.54;      // width of a character over the height of its text

struct Format {
  const char* device;
  double pixels_per_unit;
  double text_scale;   // PLplot's SVG driver takes one page size for text, whatever the resolution asked for
  const char* ending;  // what a complete file ends with
};

Format format_of(const std::string& drawn) {
  const bool svg = std::filesystem::path(drawn).extension().string().find_first_of("vV") != std::string::npos;
  return svg ? Format{"svgcairo", 0.6, 0.6, "</svg>"} : Format{"pngcairo", 1.0, 1.0, "IEND\xAE\x42\x60\x82"};
}

// PLplot has a table of colours; every colour goes through one entry of it.
void use(Colour colour) {
  constexpr PLINT kEntry = 1;
  plscol0a(kEntry, colour.red, colour.green, colour.blue, colour.alpha);
  plcol0(kEntry);
}

bool ends_with_text(const std::string& file, const std::string& ending) {
  std::ifstream stream(file, std::ios::binary | std::ios::ate);
  std::string tail(64, '\0');
  const std::streamoff size = stream ? std::streamoff(stream.tellg()) : 0;
  stream.seekg(std::max<std::streamoff>(0, size - static_cast<std::streamoff>(tail.size())));
  stream.read(tail.data(), static_cast<std::streamsize>(tail.size()));
  return tail.find(ending) != std::string::npos;
}

// A message of PLplot before it would end the process; kept for the error.
std::string& plplot_message() {
  static std::string message;
  return message;
}

}  // namespace

void Page::line(Colour colour, double width, Point from, Point to) const {
  use(colour);
  plwidth(width);
  pljoin(from.x, from.y, to.x, to.y);
}

void Page::polygon(Colour colour, const std::vector<Point>& corners) const {
  std::vector<PLFLT> x, y;
  for (const Point& corner : corners) {
    x.push_back(corner.x);
    y.push_back(corner.y);
  }
  use(colour);
  plfill(static_cast<PLINT>(corners.size()), x.data(), y.data());
}

void Page::disc(Colour colour, Point centre, double radius) const {
  use(colour);
  plarc(centre.x, centre.y, radius, radius, 0, 360, 0, 1);
}

void Page::text(Colour colour, const TextStyle& style, Point at, const std::string& plain) const {
  std::string escaped;  // `#` starts an escape sequence in PLplot's texts
  for (const char c : tools::printable(plain)) escaped += c == '#' ? std::string("##") : std::string(1, c);
  use(colour);
  plschr(style.height / kUnitsPerMillimetre, text_scale_);
  plsfont(PL_FCI_SANS, PL_FCI_UPRIGHT, style.bold ? PL_FCI_BOLD : PL_FCI_MEDIUM);
  const double just = style.align == Align::left ? 0 : style.align == Align::centre ? 0.5 : 1;
  plptex(at.x, at.y, style.direction.x, style.direction.y, just, escaped.c_str());
}

double text_width(const std::string& plain, double height) {
  return static_cast<double>(tools::columns(plain)) * height * kColumnShare;
}

void draw_page(const std::string& drawn, const std::string& path, const std::function<void(const Page&)>& draw) {
  tools::check_picture(path);
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
    throw Error(tools::printable(path) + ": the picture could not be written" +
                (plplot_message().empty() ? " (disk full?)" : ": " + tools::printable(plplot_message())));
  }
}

}  // namespace fovea::bench
