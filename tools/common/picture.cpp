// Pictures of results: a bar chart. Every text and line is placed by hand on the page, so that nothing overlaps.
#include "tools/common/picture.h"

#include <algorithm>

#include "tools/common/page.h"
#include "tools/common/text.h"

namespace fovea::tools {

namespace {

constexpr double kLeft = 150, kRight = 1550, kBottom = 170, kTop = 800;  // where the bars live
constexpr double kBarShare = 0.62;                                       // of its slot

constexpr Colour kPaper{255, 255, 255}, kInk{33, 37, 41}, kSoftInk{110, 117, 125}, kGridLine{226, 230, 234};
constexpr Colour kBarFill{58, 110, 165}, kHighlightFill{214, 118, 44}, kWarningFill{178, 34, 34};

void draw_axis(const Page& page, const BarChart& chart, std::size_t step, std::size_t last, double units_per_count) {
  for (std::size_t mark = 0; mark <= last; mark += step) {
    const double y = kBottom + static_cast<double>(mark) * units_per_count;
    page.line(kGridLine, 1.5, {kLeft, y}, {kRight, y});
    page.text(kSoftInk, {22, false, Align::right}, {kLeft - 16, y}, std::to_string(mark));
  }
  page.text(kSoftInk, {24, false, Align::centre, {0, 1}}, {40, (kBottom + kTop) / 2}, chart.y_label);
}

void draw_bar(const Page& page, const Bar& bar, double centre, double slot, std::size_t total, double units_per_count) {
  const double half = slot * kBarShare / 2;
  const double top = kBottom + static_cast<double>(bar.count) * units_per_count;
  if (bar.count > 0)
    page.rectangle(bar.highlighted ? kHighlightFill : kBarFill, {centre - half, kBottom}, {centre + half, top});

  // The count, its share below it, both on top of the bar; smaller where slots are narrow.
  const double height = std::clamp(slot / 6, 13.0, 32.0);
  const std::string count = std::to_string(bar.count), percent = share_text(bar.count, total);
  const double plate = height * kWideColumnShare * static_cast<double>(std::max(count.size(), percent.size())) / 2;
  page.rectangle(kPaper, {centre - plate, top + 6}, {centre + plate, top + height * 2.6});  // no grid line through it
  page.text(kSoftInk, {height * 0.68, false, Align::centre}, {centre, top + height * 0.75}, percent);
  page.text(kInk, {height, true, Align::centre}, {centre, top + height * 1.95}, count);

  const double label_height = std::clamp(slot / 8, 13.0, 25.0);
  const auto width = static_cast<std::size_t>(slot * 0.96 / (label_height * kWideColumnShare));
  double y = kBottom - label_height * 1.3;
  page.text(kInk, {label_height, true, Align::centre}, {centre, y}, bar.key);
  for (const std::string& part : wrapped(bar.label, std::max<std::size_t>(width, 3), 2)) {
    y -= label_height * 1.4;
    page.text(kInk, {label_height, false, Align::centre}, {centre, y}, part);
  }
}

// One line of at most `width` page units.
std::string fitted(const std::string& line, double height, double width) {
  const std::vector<std::string> lines =
      wrapped(line, static_cast<std::size_t>(width / (height * kWideColumnShare)), 1);
  return lines.empty() ? "" : lines.front();
}

void draw_legend(const Page& page, const BarChart& chart) {
  if (chart.highlight_label.empty()) return;
  constexpr double kText = 24;
  const double width = static_cast<double>(columns(chart.highlight_label)) * kText * 0.5;
  page.text(kSoftInk, {kText, false, Align::right}, {kRight, 906}, chart.highlight_label);
  page.rectangle(kHighlightFill, {kRight - width - 40, 893}, {kRight - width - 14, 919});
}

void draw_chart(const Page& page, const BarChart& chart) {
  std::size_t largest = 0, total = 0;
  for (const Bar& bar : chart.bars) {
    largest = std::max(largest, bar.count);
    total += bar.count;
  }
  // The axis ends at the mark above the largest count; the numbers on the bars need some room over it.
  const std::size_t step = axis_step(largest, 6);
  const std::size_t last = (std::max<std::size_t>(largest, 1) + step - 1) / step * step;
  const double units_per_count = (kTop - kBottom) / static_cast<double>(last);

  page.text(kInk, {38, true, Align::left}, {60, 955}, fitted(chart.title, 38, kRight - 60));
  page.text(kSoftInk, {25, false, Align::left}, {60, 906}, fitted(chart.subtitle, 25, kRight - 500));
  draw_legend(page, chart);
  draw_axis(page, chart, step, last, units_per_count);
  const double slot = (kRight - kLeft) / static_cast<double>(std::max<std::size_t>(chart.bars.size(), 1));
  for (std::size_t i = 0; i < chart.bars.size(); ++i) {
    draw_bar(page, chart.bars[i], kLeft + (static_cast<double>(i) + 0.5) * slot, slot, total, units_per_count);
  }
  page.line(kSoftInk, 2, {kLeft, kBottom}, {kRight, kBottom});
  if (!chart.mark.empty()) {
    page.rectangle(kWarningFill, {0, 0}, {kPageWidth, 50});
    page.text(kPaper, {27, true, Align::centre}, {kPageWidth / 2, 25}, chart.mark);
  }
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

void draw_bar_chart(const BarChart& chart, const std::string& drawn, const std::string& path) {
  draw_page(drawn, path, [&](const Page& page) { draw_chart(page, chart); });
}

}  // namespace fovea::tools
