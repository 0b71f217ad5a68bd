// ROC and precision-recall curves for referable and for any retinopathy, with their operating points.
#include <cmath>

#include "tools/common/text.h"
#include "tools/compare/chart.h"
#include "tools/compare/metric_text.h"
#include "tools/compare/pictures.h"

namespace fovea::tools {

namespace {

struct Series {
  const evaluate::Target* target;
  std::string name, key;  // key of its metrics
  Colour colour;
  Stroke stroke;
};

std::vector<Series> series_of(const Study& study) {
  const std::string referable = "referable: grade " + std::to_string(study.referable) + " and above";
  std::vector<Series> all{{&study.evaluation.referable, referable, "referable", kDark, Stroke::solid}};
  if (study.referable != 1) {
    all.push_back({&study.evaluation.any, "any: grade 1 and above", "any", {200, 110, 20}, Stroke::dashed});
  }
  return all;
}

bool has_both(const evaluate::Curve& curve) { return curve.positives > 0 && curve.negatives > 0; }

double share(std::int64_t part, std::int64_t whole) { return static_cast<double>(part) / static_cast<double>(whole); }

Point roc_point(const evaluate::Curve& curve, std::int64_t true_positives, std::int64_t false_positives) {
  return {share(false_positives, curve.negatives), share(true_positives, curve.positives)};
}

Point precision_point(const evaluate::Curve& curve, std::int64_t true_positives, std::int64_t false_positives) {
  return {share(true_positives, curve.positives), share(true_positives, true_positives + false_positives)};
}

std::vector<Point> roc_points(const evaluate::Curve& curve) {
  std::vector<Point> points;
  for (const evaluate::CurvePoint& p : curve.points) {
    points.push_back(roc_point(curve, p.true_positives, p.false_positives));
  }
  return points;
}

// Precision is not interpolated: from one threshold to the next the curve goes in a step.
std::vector<Point> precision_points(const evaluate::Curve& curve) {
  std::vector<Point> points;
  for (const evaluate::CurvePoint& p : curve.points) {
    if (p.true_positives + p.false_positives == 0) continue;
    const Point next = precision_point(curve, p.true_positives, p.false_positives);
    points.push_back({points.empty() ? 0.0 : points.back().x, next.y});
    points.push_back(next);
  }
  return points;
}

// The disc is filled with the colour of its curve and has a white and a dark rim, so that it shows on any line.
void draw_operating_point(const Page& page, Colour colour, Point at) {
  page.disc(kInk, at, 15);
  page.disc(kPaper, at, 12);
  page.disc(colour, at, 8);
}

class Legend {
 public:
  explicit Legend(const Page& page) : page_(page) {}

  void add(const Series& series, const std::vector<std::string>& lines) {
    draw_curve(page_, series.colour, 5, series.stroke, {{kLegendLeft, y_}, {kLegendLeft + 90, y_}});
    page_.text(kInk, {27, true}, {kLegendLeft + 110, y_}, series.name);
    y_ -= 44;
    for (const std::string& line : lines) {
      page_.text(kInk, {25}, {kLegendLeft + 110, y_}, line);
      y_ -= 40;
    }
    y_ -= 22;
  }
  void add_operating_point(double target) {
    draw_operating_point(page_, kPaper, {kLegendLeft + 45, y_});
    page_.text(kInk, {25}, {kLegendLeft + 110, y_}, "operating point: the highest threshold");
    page_.text(kInk, {25}, {kLegendLeft + 110, y_ - 36}, "with a sensitivity of at least " + fixed_text(target, 2));
  }

 private:
  const Page& page_;
  double y_ = 820;
};

std::string with_interval(const Study& study, const std::string& name, const std::string& key) {
  const evaluate::Metric* metric = find_metric(study.evaluation, key);
  if (metric == nullptr) return name + " -";
  const std::string interval = interval_text(*metric, 3);
  return name + " " + value_text(metric->value, 3) + (interval.empty() ? "" : " (" + interval + ")");
}

void add_to_legend(Legend& legend, const Study& study, const Series& series, const std::string& area,
                   const std::string& key) {
  if (!has_both(series.target->curve)) {
    legend.add(series, {"undefined: the benchmark has only one side"});
    return;
  }
  const evaluate::OperatingPoint& point = series.target->operating_point;
  legend.add(series,
             {with_interval(study, area, series.key + key), "threshold " + value_text(point.threshold, 3),
              "sensitivity " + value_text(point.sensitivity, 3), "specificity " + value_text(point.specificity, 3)});
}

}  // namespace

void draw_roc(const Page& page, const Study& study) {
  draw_head(page, {"ROC curves", picture_subtitle(study), picture_mark(study)});
  const UnitPlot plot(page, kPlotCorner, kPlotOpposite);
  plot.draw_axes("1 \xE2\x88\x92 specificity", "sensitivity");
  draw_curve(page, kSoftInk, 2, Stroke::dotted, plot.place({{0, 0}, {1, 1}}));
  Legend legend(page);
  for (const Series& series : series_of(study)) {
    add_to_legend(legend, study, series, "AUC", "_roc_auc");
    const evaluate::Curve& curve = series.target->curve;
    if (!has_both(curve)) continue;
    draw_curve(page, series.colour, 5, series.stroke, plot.place(roc_points(curve)));
    const evaluate::BinaryCounts& at = series.target->operating_point.counts;
    const Point point = roc_point(curve, at.true_positives, at.false_positives);
    draw_operating_point(page, series.colour, plot.place(point.x, point.y));
  }
  legend.add_operating_point(study.options.target_sensitivity);
}

void draw_precision_recall(const Page& page, const Study& study) {
  draw_head(page, {"Precision and recall", picture_subtitle(study), picture_mark(study)});
  const UnitPlot plot(page, kPlotCorner, kPlotOpposite);
  plot.draw_axes("recall (sensitivity)", "precision (PPV)");
  Legend legend(page);
  for (const Series& series : series_of(study)) {
    add_to_legend(legend, study, series, "average precision", "_average_precision");
    const evaluate::Curve& curve = series.target->curve;
    if (!has_both(curve)) continue;
    const double chance = share(curve.positives, curve.positives + curve.negatives);
    draw_curve(page, series.colour, 2, Stroke::dotted, plot.place({{0, chance}, {1, chance}}));
    draw_curve(page, series.colour, 5, series.stroke, plot.place(precision_points(curve)));
    const evaluate::BinaryCounts& at = series.target->operating_point.counts;
    const Point point = precision_point(curve, at.true_positives, at.false_positives);
    draw_operating_point(page, series.colour, plot.place(point.x, point.y));
  }
  legend.add_operating_point(study.options.target_sensitivity);
  page.text(kSoftInk, {24}, {kLegendLeft, 170}, "dotted: precision of chance");
}

}  // namespace fovea::tools
