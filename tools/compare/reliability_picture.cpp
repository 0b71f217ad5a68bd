// The reliability diagram: how often a predicted probability comes true, and how many images each bin holds.
#include <algorithm>
#include <cmath>

#include "tools/common/picture.h"
#include "tools/common/text.h"
#include "tools/compare/chart.h"
#include "tools/compare/metric_text.h"
#include "tools/compare/pictures.h"

namespace fovea::tools {

namespace {

constexpr double kLeft = 1010, kRight = 1550, kBottom = 150, kTop = 420;  // of the bars

using Bins = std::vector<evaluate::ReliabilityBin>;

void draw_series(const Page& page, const UnitPlot& plot, const Bins& bins, Colour colour, Stroke stroke, bool hollow) {
  std::vector<Point> points;
  for (const evaluate::ReliabilityBin& bin : bins) {
    if (bin.rows > 0) points.push_back(plot.place(bin.mean_probability, bin.observed));
  }
  draw_curve(page, colour, 4, stroke, points);
  for (const Point& point : points) {
    page.disc(colour, point, 11);
    if (hollow) page.disc(kPaper, point, 6);
  }
}

void draw_legend_line(const Page& page, double y, Colour colour, Stroke stroke, bool hollow, const std::string& text,
                      const std::string& below) {
  draw_curve(page, colour, 4, stroke, {{kLegendLeft, y}, {kLegendLeft + 90, y}});
  page.disc(colour, {kLegendLeft + 45, y}, 11);
  if (hollow) page.disc(kPaper, {kLegendLeft + 45, y}, 6);
  page.text(kInk, {27, true}, {kLegendLeft + 110, y}, text);
  page.text(kInk, {25}, {kLegendLeft + 110, y - 42}, below);
}

std::string error_text(const Study& study, const std::string& key) {
  const evaluate::Metric* metric = find_metric(study.evaluation, key);
  return "calibration error " + (metric == nullptr ? std::string("-") : value_text(metric->value, 3));
}

void draw_counts(const Page& page, const Bins& bins) {
  std::int64_t largest = 1;
  for (const evaluate::ReliabilityBin& bin : bins) largest = std::max(largest, bin.rows);
  const std::size_t step = axis_step(static_cast<std::size_t>(largest), 4);
  const std::size_t last = (static_cast<std::size_t>(largest) + step - 1) / step * step;
  const double per_image = (kTop - kBottom) / static_cast<double>(last);
  page.text(kInk, {27, true}, {kLegendLeft, kTop + 48}, "images in each bin (predicted grade)");
  for (std::size_t mark = 0; mark <= last; mark += step) {
    const double y = kBottom + static_cast<double>(mark) * per_image;
    page.line(kGridLine, 1.5, {kLeft, y}, {kRight, y});
    page.text(kSoftInk, {23, false, Align::right}, {kLeft - 12, y}, std::to_string(mark));
  }
  const auto x = [](double probability) { return kLeft + probability * (kRight - kLeft); };
  for (const evaluate::ReliabilityBin& bin : bins) {
    const double top = kBottom + static_cast<double>(bin.rows) * per_image;
    if (bin.rows > 0) draw_box(page, kDark, {x(bin.low) + 2, kBottom}, {x(bin.high) - 2, top});
  }
  for (int i = 0; i <= 5; ++i) {
    page.text(kSoftInk, {23, false, Align::centre}, {x(i / 5.0), kBottom - 26}, fixed_text(i / 5.0, 1));
  }
  page.line(kSoftInk, 2, {kLeft, kBottom}, {kRight, kBottom});
  page.text(kInk, {25, false, Align::centre}, {(kLeft + kRight) / 2, kBottom - 68}, "probability");
}

}  // namespace

void draw_reliability(const Page& page, const Study& study) {
  draw_head(page, {"Reliability of the probabilities", picture_subtitle(study), picture_mark(study)});
  const UnitPlot plot(page, kPlotCorner, kPlotOpposite);
  plot.draw_axes("predicted probability (mean of a bin)", "how often it came true");
  draw_curve(page, kSoftInk, 2, Stroke::dotted, plot.place({{0, 0}, {1, 1}}));
  constexpr Colour kOrange{200, 110, 20};
  draw_series(page, plot, study.evaluation.referable.reliability, kOrange, Stroke::dashed, true);
  draw_series(page, plot, study.evaluation.reliability, kDark, Stroke::solid, false);
  draw_legend_line(page, 820, kDark, Stroke::solid, false, "the predicted grade",
                   error_text(study, "calibration_error"));
  draw_legend_line(page, 700, kOrange, Stroke::dashed, true,
                   "referable: grade " + std::to_string(study.referable) + " and above",
                   error_text(study, "referable_calibration_error"));
  page.text(kSoftInk, {24}, {kLegendLeft, 580}, "dotted: comes true as often as it says");
  draw_counts(page, study.evaluation.reliability);
}

}  // namespace fovea::tools
