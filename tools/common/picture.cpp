// Pictures of results: a bar chart as PNG or SVG, drawn by PLplot's cairo drivers. The whole page is one window in
// units of its own (1600 x 1000), so that every text and line is placed by hand and nothing overlaps.
#include "tools/common/picture.h"

#include <plplot/plplot.h>

#include <algorithm>
#include <array>
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

constexpr double kWidth = 1600, kHeight = 1000;                          // the page
constexpr double kLeft = 150, kRight = 1550, kBottom = 170, kTop = 800;  // where the bars live
constexpr double kUnitsPerMillimetre = 4;                                // PLplot states text heights in millimetres
constexpr double kBarShare = 0.62;                                       // of its slot
constexpr double kColumnShare = 0.56;  // width of a character over the height of its text, on the wide side

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

enum Colour : PLINT { paper, ink, soft_ink, grid_line, bar_fill, highlight_fill, warning_fill, colour_count };

void set_colours() {
  std::array<PLINT, colour_count> r{255, 33, 110, 226, 58, 214, 178};
  std::array<PLINT, colour_count> g{255, 37, 117, 230, 110, 118, 34};
  std::array<PLINT, colour_count> b{255, 41, 125, 234, 165, 44, 34};
  plscmap0(r.data(), g.data(), b.data(), colour_count);
}

// `#` starts an escape sequence in PLplot's texts.
std::string escaped(const std::string& plain) {
  std::string text;
  for (const char c : printable(plain)) {
    text += c;
    if (c == '#') text += c;
  }
  return text;
}

enum class Align { left, centre, right };

/// Ink on PLplot's current page, in page units.
class Page {
 public:
  explicit Page(double text_scale) : text_scale_(text_scale) {}

  void rectangle(Colour colour, double x0, double y0, double x1, double y1) const {
    const std::array<PLFLT, 4> x{x0, x1, x1, x0};
    const std::array<PLFLT, 4> y{y0, y0, y1, y1};
    plcol0(colour);
    plfill(4, x.data(), y.data());
  }

  void line(Colour colour, double width, double x0, double y0, double x1, double y1) const {
    plcol0(colour);
    plwidth(width);
    pljoin(x0, y0, x1, y1);
  }

  /// `y` is the middle of the letters, (dx, dy) the direction of reading.
  void text(Colour colour, double height, bool bold, Align align, double x, double y, const std::string& plain,
            double dx = 1, double dy = 0) const {
    plcol0(colour);
    plschr(height / kUnitsPerMillimetre, text_scale_);
    plsfont(PL_FCI_SANS, PL_FCI_UPRIGHT, bold ? PL_FCI_BOLD : PL_FCI_MEDIUM);
    const double just = align == Align::left ? 0 : align == Align::centre ? 0.5 : 1;
    plptex(x, y, dx, dy, just, escaped(plain).c_str());
  }

 private:
  double text_scale_;
};

void draw_axis(const Page& page, const BarChart& chart, std::size_t step, std::size_t last, double units_per_count) {
  for (std::size_t mark = 0; mark <= last; mark += step) {
    const double y = kBottom + static_cast<double>(mark) * units_per_count;
    page.line(grid_line, 1.5, kLeft, y, kRight, y);
    page.text(soft_ink, 22, false, Align::right, kLeft - 16, y, std::to_string(mark));
  }
  page.text(soft_ink, 24, false, Align::centre, 40, (kBottom + kTop) / 2, chart.y_label, 0, 1);
}

void draw_bar(const Page& page, const Bar& bar, double centre, double slot, std::size_t total, double units_per_count) {
  const double half = slot * kBarShare / 2;
  const double top = kBottom + static_cast<double>(bar.count) * units_per_count;
  if (bar.count > 0)
    page.rectangle(bar.highlighted ? highlight_fill : bar_fill, centre - half, kBottom, centre + half, top);

  // The count, its share below it, both on top of the bar; smaller where slots are narrow.
  const double height = std::clamp(slot / 6, 13.0, 32.0);
  const double share = total == 0 ? 0 : 100.0 * static_cast<double>(bar.count) / static_cast<double>(total);
  const std::string count = std::to_string(bar.count), percent = fixed_text(share, 1) + " %";
  const double plate = height * kColumnShare * static_cast<double>(std::max(count.size(), percent.size())) / 2;
  page.rectangle(paper, centre - plate, top + 6, centre + plate, top + height * 2.6);  // no grid line through it
  page.text(soft_ink, height * 0.68, false, Align::centre, centre, top + height * 0.75, percent);
  page.text(ink, height, true, Align::centre, centre, top + height * 1.95, count);

  const double label_height = std::clamp(slot / 8, 13.0, 25.0);
  const auto width = static_cast<std::size_t>(slot * 0.96 / (label_height * kColumnShare));
  double y = kBottom - label_height * 1.3;
  page.text(ink, label_height, true, Align::centre, centre, y, bar.key);
  for (const std::string& part : wrapped(bar.label, std::max<std::size_t>(width, 3), 2)) {
    y -= label_height * 1.4;
    page.text(ink, label_height, false, Align::centre, centre, y, part);
  }
}

// One line of at most `width` page units.
std::string fitted(const std::string& line, double height, double width) {
  const std::vector<std::string> lines = wrapped(line, static_cast<std::size_t>(width / (height * kColumnShare)), 1);
  return lines.empty() ? "" : lines.front();
}

void draw_legend(const Page& page, const BarChart& chart) {
  if (chart.highlight_label.empty()) return;
  constexpr double kText = 24;
  const double width = static_cast<double>(columns(chart.highlight_label)) * kText * 0.5;
  page.text(soft_ink, kText, false, Align::right, kRight, 906, chart.highlight_label);
  page.rectangle(highlight_fill, kRight - width - 40, 893, kRight - width - 14, 919);
}

void draw_page(const Page& page, const BarChart& chart) {
  std::size_t largest = 0, total = 0;
  for (const Bar& bar : chart.bars) {
    largest = std::max(largest, bar.count);
    total += bar.count;
  }
  // The axis ends at the mark above the largest count; the numbers on the bars need some room over it.
  const std::size_t step = axis_step(largest, 6);
  const std::size_t last = (std::max<std::size_t>(largest, 1) + step - 1) / step * step;
  const double units_per_count = (kTop - kBottom) / static_cast<double>(last);

  pladv(0);
  plvpor(0, 1, 0, 1);
  plwind(0, kWidth, 0, kHeight);
  page.text(ink, 38, true, Align::left, 60, 955, fitted(chart.title, 38, kRight - 60));
  page.text(soft_ink, 25, false, Align::left, 60, 906, fitted(chart.subtitle, 25, kRight - 500));
  draw_legend(page, chart);
  draw_axis(page, chart, step, last, units_per_count);
  const double slot = (kRight - kLeft) / static_cast<double>(std::max<std::size_t>(chart.bars.size(), 1));
  for (std::size_t i = 0; i < chart.bars.size(); ++i) {
    draw_bar(page, chart.bars[i], kLeft + (static_cast<double>(i) + 0.5) * slot, slot, total, units_per_count);
  }
  page.line(soft_ink, 2, kLeft, kBottom, kRight, kBottom);
  if (!chart.mark.empty()) {
    page.rectangle(warning_fill, 0, 0, kWidth, 50);
    page.text(paper, 27, true, Align::centre, kWidth / 2, 25, chart.mark);
  }
}

// A message of PLplot before it would end the process; kept for the error.
std::string& plplot_message() {
  static std::string message;
  return message;
}

std::filesystem::path driver_folder() {
  const char* set = std::getenv("PLPLOT_DRV_DIR");  // PLplot's own order: this first, then where it was installed
  return set != nullptr && *set != '\0' ? set : FOVEA_PLPLOT_DRIVERS;
}

bool ends_with_text(const std::string& file, const std::string& ending) {
  std::ifstream stream(file, std::ios::binary | std::ios::ate);
  const std::streamoff size = stream ? std::streamoff(stream.tellg()) : 0;
  constexpr std::streamoff kTail = 64;
  stream.seekg(std::max<std::streamoff>(0, size - kTail));
  const std::string tail{std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
  return tail.find(ending) != std::string::npos;
}

}  // namespace

std::vector<std::string> wrapped(const std::string& label, std::size_t width, std::size_t max_lines) {
  std::vector<std::string> lines;
  std::string word;
  const auto place = [&] {
    if (word.empty()) return;
    const bool joins = !lines.empty() && columns(lines.back()) + 1 + columns(word) <= width;
    if (joins) {
      lines.back() += ' ' + word;
    } else {
      lines.push_back(word);
    }
    word.clear();
  };
  for (const char c : label) {
    if (c == ' ') {
      place();
    } else {
      word += c;
    }
  }
  place();

  const bool cut = lines.size() > max_lines;
  if (cut) lines.resize(max_lines);
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const bool ellipsis = columns(lines[i]) > width || (cut && i + 1 == lines.size());
    if (!ellipsis) continue;
    while (columns(lines[i]) + 1 > std::max<std::size_t>(width, 2)) {
      std::size_t last = lines[i].size() - 1;  // start of the last code point
      while (last > 0 && (static_cast<unsigned char>(lines[i][last]) & 0xC0) == 0x80) --last;
      lines[i].resize(last);
    }
    lines[i] += "\xE2\x80\xA6";
  }
  return lines;
}

std::size_t axis_step(std::size_t largest, std::size_t max_marks) {
  std::size_t power = 1;
  while (true) {
    for (const std::size_t factor : {1, 2, 5}) {
      const std::size_t step = factor * power;
      if (largest / step + (largest % step != 0) <= max_marks) return step;
    }
    power *= 10;
  }
}

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

void draw_bar_chart(const BarChart& chart, const std::string& drawn, const std::string& path) {
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
  plspage(dots_per_inch, dots_per_inch, static_cast<PLINT>(kWidth * format.pixels_per_unit),
          static_cast<PLINT>(kHeight * format.pixels_per_unit), 0, 0);
  set_colours();
  plinit();
  draw_page(Page(format.text_scale), chart);
  plend();
  // The drivers report no write errors: a full disk shows as a file without its end.
  if (!plplot_message().empty() || !ends_with_text(drawn, format.ending)) {
    throw Error(printable(path) + ": the picture could not be written" +
                (plplot_message().empty() ? " (disk full?)" : ": " + printable(plplot_message())));
  }
}

}  // namespace fovea::tools
