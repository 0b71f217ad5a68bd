// The reliability diagram: how often a predicted probability comes true, and how many images each bin holds.
#include "text/text.h"
#include "tools/common/drawing/bars.h"
#include "tools/compare/charts/chart.h"
#include "tools/compare/charts/pictures.h"
#include "tools/compare/study/metric_text.h"

namespace fovea::tools {

namespace {

using Bins = std::vector<evaluate::ReliabilityBin>;

constexpr LineStyle kGiven{kDark, 2, Stroke::solid}, kTarget{kOrange, 2, Stroke::dashed};

void draw_bins(Drawing& drawing, UnitPlot& plot, const Bins& bins, const LineStyle& style, UnitPlot::Mark mark) {
  std::vector<Point> points;
  for (const evaluate::ReliabilityBin& bin : bins) {
    if (bin.rows == 0) continue;
    points.push_back({bin.mean_probability, bin.observed});
    const evaluate::Interval interval = evaluate::wilson({bin.came_true, bin.rows});
    plot.curve({style.colour, 1}, {{bin.mean_probability, interval.low}, {bin.mean_probability, interval.high}});
  }
  plot.curve(style, points);
  for (const Point& point : points) mark(drawing, style.colour, plot.place(point.x, point.y));
}

std::string error_text(const Study& study, const std::string& key) {
  const evaluate::Metric* metric = find_metric(study.evaluation, key);
  return "calibration error " + (metric == nullptr ? std::string("-") : value_text(metric->value, 3));
}

std::string referable_text(const Study& study) { return "grade " + std::to_string(study.referable) + " and above"; }

Bar bar_of(Colour fill, std::int64_t rows) { return {fill, static_cast<double>(rows), std::to_string(rows)}; }

}  // namespace

void draw_reliability(Drawing& drawing, const Study& study) {
  const Bins &given = study.evaluation.reliability, &target = study.evaluation.referable.reliability;
  UnitPlot plot(drawing, "predicted probability (mean of a bin)", "how often it came true");
  plot.curve({kSoftInk, 1, Stroke::dotted}, {{0, 0}, {1, 1}});
  draw_bins(drawing, plot, target, kTarget, draw_ring);
  draw_bins(drawing, plot, given, kGiven, draw_disc);
  plot.legend(kGiven, draw_disc, "the predicted grade", {error_text(study, "calibration_error")});
  plot.legend(kTarget, draw_ring, "referable: " + referable_text(study),
              {error_text(study, "referable_calibration_error")});
  plot.legend_text("upright lines: 95 % interval (Wilson) of the bin");
  plot.legend_text("dotted: comes true as often as it says");
  plot.finish();
}

void draw_bin_counts(Drawing& drawing, const Study& study) {
  const Bins &given = study.evaluation.reliability, &target = study.evaluation.referable.reliability;
  std::vector<BarGroup> groups;
  for (std::size_t i = 0; i < given.size(); ++i) {
    groups.push_back({fixed_text(given[i].low, 1) + "\xE2\x80\x93" + fixed_text(given[i].high, 1),
                      {bar_of(kDark, given[i].rows), bar_of(kLight, target[i].rows)}});
  }
  draw_bars(drawing,
            {{kDark, "images in a bin, by the predicted grade's probability"},
             {kLight, "by that of " + referable_text(study)}},
            groups);
}

}  // namespace fovea::tools
