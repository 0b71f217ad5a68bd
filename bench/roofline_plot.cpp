// A roofline: log-log, one disc a distinct layer, its area the share of the time, its colour the kind of layer.
#include "bench/roofline_plot.h"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <iterator>
#include <map>
#include <numbers>
#include <string_view>

#include "bench/log_axis.h"
#include "text/text.h"
#include "text/text_width.h"

namespace fovea::bench {

namespace {

using tools::Align;
using tools::Colour;
using tools::Drawing;
using tools::fixed_text;
using tools::kInk;
using tools::kPaper;
using tools::kSoftInk;
using tools::Point;
using tools::text_width;

constexpr double kWidth = 640, kHeight = 400, kEdge = 24;
constexpr double kLeft = 56, kRight = 620, kBottom = 348, kTop = 60;  // where the layers live
constexpr Colour kRoof{178, 34, 34}, kOther{130, 130, 130};
// The same in every picture, and told apart by colour-blind readers as well (Okabe and Ito).
constexpr std::string_view kKinds[]{"1x1", "3x3", "3x3 Winograd", "7x7", "Dense"};
constexpr Colour kColours[]{{230, 130, 0}, {190, 90, 150}, {0, 145, 105}, {0, 114, 178}, {86, 160, 215}};
static_assert(std::size(kKinds) == std::size(kColours));
constexpr double kLargest = 32;  // radius of a disc that took all the time
constexpr double kSmallest = 2.4;
constexpr double kLabelText = 8, kText = 9;

double radius(const Row& row) { return std::max(kSmallest, kLargest * std::sqrt(row.share)); }

struct Room {
  double x0, y0, x1, y1;
  bool overlaps(const Room& o) const { return x0 < o.x1 && o.x0 < x1 && y0 < o.y1 && o.y0 < y1; }
};

class Roofline {
 public:
  Roofline(Drawing& drawing, const Report& report)
      : drawing_(drawing), peaks_(report.peaks.peaks), rows_(counted(report)), x_(make_x()), y_(make_y()) {
    for (const Row* row : rows_) {
      const auto known = std::find(std::begin(kKinds), std::end(kKinds), row->kind);
      colours_.emplace(row->kind, known == std::end(kKinds) ? kOther : kColours[known - std::begin(kKinds)]);
      if (colours_.size() > kinds_.size()) kinds_.push_back(row->kind);
    }
  }

  void draw() {
    axes();
    roofs();
    // Large discs first, so that small ones stay in sight.
    std::stable_sort(rows_.begin(), rows_.end(), [](const Row* a, const Row* b) { return a->share > b->share; });
    for (const Row* row : rows_) {
      drawing_.disc(kPaper, place(*row), radius(*row) + 0.8);
      drawing_.disc(colours_.at(row->kind), place(*row), radius(*row), 0.8);
    }
    legend();
    labels();
  }

 private:
  static std::vector<const Row*> counted(const Report& report) {
    std::vector<const Row*> rows;
    for (const Row& row : report.rows) {
      if (row.work.flops > 0) rows.push_back(&row);
    }
    return rows;
  }

  LogAxis make_x() const {
    double least = ridge(peaks_) / 8, most = ridge(peaks_) * 8;
    for (const Row* row : rows_) {
      least = std::min(least, intensity(row->work));
      most = std::max(most, intensity(row->work) * 1.3);
    }
    return {least, most, kLeft, kRight};
  }
  LogAxis make_y() const {
    double least = roof(peaks_, x_.least()), most = peaks_.gflops * 1.5;
    for (const Row* row : rows_) {
      least = std::min(least, row->efficiency.gflops);
      most = std::max(most, row->efficiency.gflops * 1.2);
    }
    return {least, most, kBottom, kTop};
  }

  Point place(const Row& row) const { return {x_.place(intensity(row.work)), y_.place(row.efficiency.gflops)}; }

  void axes() {
    for (const double mark : x_.marks()) {
      drawing_.line(tools::kGridLine, 0.6, {x_.place(mark), kBottom}, {x_.place(mark), kTop});
      drawing_.text(kSoftInk, {.size = kText, .align = Align::centre}, {x_.place(mark), kBottom + 10}, mark_text(mark));
    }
    for (const double mark : y_.marks()) {
      drawing_.line(tools::kGridLine, 0.6, {kLeft, y_.place(mark)}, {kRight, y_.place(mark)});
      drawing_.text(kSoftInk, {.size = kText, .align = Align::right}, {kLeft - 6, y_.place(mark)}, mark_text(mark));
    }
    drawing_.text(kSoftInk, {.size = kText, .align = Align::centre}, {(kLeft + kRight) / 2, kBottom + 29},
                  "arithmetic intensity, FLOP a byte (weights once, inputs and outputs)");
    drawing_.text(kSoftInk, {.size = kText, .align = Align::centre, .turn = 90}, {16, (kBottom + kTop) / 2},
                  "GFLOP/s, counted as the file's layers have it");
  }

  void roofs() {
    const double meet = ridge(peaks_);
    // The slope may leave the picture below before it does on its left.
    const double begin = std::max(x_.least(), y_.least() / peaks_.gb_per_s);
    const Point from{x_.place(begin), y_.place(roof(peaks_, begin))};
    const Point corner{x_.place(meet), y_.place(peaks_.gflops)};
    drawing_.line(kRoof, 1.2, from, corner);
    drawing_.line(kRoof, 1.2, corner, {kRight, corner.y});
    const std::string peak = "arithmetic peak " + fixed_text(peaks_.gflops, 0) + " GFLOP/s";
    const std::string memory = "memory, reading " + fixed_text(peaks_.gb_per_s, 1) + " GB/s";
    // Both stand above the slope, where nothing can lie.
    const Point end{corner.x - 5, corner.y - 5};
    drawing_.text(kRoof, {.size = kText, .align = Align::right}, end, peak);
    taken_.push_back({end.x - text_width(peak, kText), end.y - kText, end.x, end.y + kText});
    taken_.push_back({corner.x, corner.y - 1.2, kRight, corner.y + 1.2});
    const Point along{corner.x - from.x, corner.y - from.y};
    const double length = std::hypot(along.x, along.y);
    const Point middle{from.x + 0.6 * along.x + 9 * along.y / length, from.y + 0.6 * along.y - 9 * along.x / length};
    const double turn = -std::atan2(along.y, along.x) * 180 / std::numbers::pi;
    drawing_.text(kRoof, {.size = kText, .align = Align::centre, .turn = turn}, middle, memory);
    take_along(middle, along, text_width(memory, kText) / 2, kText);
    take_along({(from.x + corner.x) / 2, (from.y + corner.y) / 2}, along, length / 2, 1.2);
  }

  // Keeps labels off a sloping line or text, by a chain of boxes.
  void take_along(Point middle, Point direction, double half, double thick) {
    const double length = std::hypot(direction.x, direction.y);
    for (double t = -half; t <= half; t += thick) {
      const Point at{middle.x + t * direction.x / length, middle.y + t * direction.y / length};
      taken_.push_back({at.x - thick, at.y - thick, at.x + thick, at.y + thick});
    }
  }

  void legend() {
    double y = kTop + 12;
    constexpr double kX = kLeft + 16, kNames = kX + 14;
    double right = kX;
    for (const std::string& kind : kinds_) {
      drawing_.disc(colours_.at(kind), {kX, y}, 4.4);
      drawing_.text(kInk, {.size = kText}, {kNames, y}, kind);
      right = std::max(right, kNames + text_width(kind, kText));
      y += 14.4;
    }
    const Point at{kX, y + 6.4};
    drawing_.disc(kOther, at, kLargest * std::sqrt(0.05));
    drawing_.text(kInk, {.size = kText}, {kNames, at.y}, "5 % of the time");
    taken_.push_back({kLeft, kTop, std::max(right, kNames + text_width("5 % of the time", kText)), at.y + 9.6});
  }

  // Names the layers that took most of the time, as far as there is room.
  void labels() {
    for (const Row* row : rows_) {
      const Point at = place(*row);
      const double half = radius(*row) * 0.7;
      taken_.push_back({at.x - half, at.y - half, at.x + half, at.y + half});
    }
    for (const Row* row : rows_) {
      const std::string text =
          row->layer.inputs.front().str() + " \xE2\x86\x92 " + std::to_string(row->layer.output.c());
      const double width = text_width(text, kLabelText), away = radius(*row) + 2.4;
      const Point at = place(*row);
      for (const Point middle : {Point{at.x + away + width / 2, at.y}, Point{at.x - away - width / 2, at.y},
                                 Point{at.x, at.y + away + 3.2}, Point{at.x, at.y - away - 3.2}}) {
        const Room box{middle.x - width / 2, middle.y - kLabelText * 0.6, middle.x + width / 2,
                       middle.y + kLabelText * 0.6};
        const bool outside = box.x0 < kLeft || box.x1 > kRight || box.y0 < kTop || box.y1 > kBottom;
        const auto hits = [&](const Room& other) { return box.overlaps(other); };
        if (outside || std::any_of(taken_.begin(), taken_.end(), hits)) continue;
        drawing_.text(kInk, {.size = kLabelText, .align = Align::centre}, middle, text);
        taken_.push_back(box);
        break;
      }
    }
  }

  Drawing& drawing_;
  Peaks peaks_;
  std::vector<const Row*> rows_;
  LogAxis x_, y_;
  std::map<std::string, Colour> colours_;
  std::vector<std::string> kinds_;
  std::vector<Room> taken_;
};

void one_line(Drawing& drawing, const tools::TextStyle& style, double y, const std::string& text) {
  for (const std::string& line : tools::wrapped(text, kWidth - 2 * kEdge, style.size, style.bold, 1)) {
    drawing.text(style.bold ? kInk : kSoftInk, style, {kEdge, y}, line);
  }
}

}  // namespace

Drawing roofline_drawing(const Report& report) {
  const Header& h = report.header;
  const std::string title = "Roofline, layer by layer: " + std::filesystem::path(h.model).filename().string();
  Drawing drawing(title, kWidth);
  one_line(drawing, {.size = 14.4, .bold = true}, 16, title);
  one_line(drawing, {.size = 9.6}, 36.8,
           h.cpu + ", " + h.isa + ", " + tools::count_text(static_cast<std::size_t>(h.threads), "thread") + ", batch " +
               std::to_string(h.batch) + ", " + h.arithmetic + " arithmetic, fovea " + h.version + " (" + h.commit +
               ")");
  Roofline(drawing, report).draw();
  drawing.extend(kHeight);
  return drawing;
}

}  // namespace fovea::bench
