// ROC and precision-recall curves for referable and for any retinopathy, with their operating points.
#include "text/text.h"
#include "tools/compare/charts/chart.h"
#include "tools/compare/charts/pictures.h"
#include "tools/compare/study/metric_text.h"

namespace fovea::tools {

namespace {

constexpr LineStyle kReferenceLine{kSoftInk, 1, Stroke::dotted};

struct Series {
  const evaluate::Target* target;
  std::string name, key;  // key of its metrics
  LineStyle style;
};

std::vector<Series> series_of(const Study& study) {
  const std::string referable = "referable: grade " + std::to_string(study.referable) + " and above";
  std::vector<Series> all{{&study.evaluation.referable, referable, "referable", {kDark}}};
  if (study.referable != 1) {
    all.push_back({&study.evaluation.any, "any: grade 1 and above", "any", {kOrange, 2, Stroke::dashed}});
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

std::string with_interval(const Study& study, const std::string& name, const std::string& key) {
  const evaluate::Metric* metric = find_metric(study.evaluation, key);
  if (metric == nullptr) return name + " -";
  const std::string interval = interval_text(*metric, 3);
  return name + " " + value_text(metric->value, 3) + (interval.empty() ? "" : " (" + interval + ")");
}

// The curve's entry of the legend; false if there is no curve.
bool add_to_legend(UnitPlot& plot, const Study& study, const Series& series, const std::string& area,
                   const std::string& key) {
  if (!has_both(series.target->curve)) {
    plot.legend(series.style, nullptr, series.name, {"undefined: the benchmark has only one side"});
    return false;
  }
  const evaluate::OperatingPoint& point = series.target->operating_point;
  plot.legend(series.style, nullptr, series.name,
              {with_interval(study, area, series.key + key), "at threshold " + value_text(point.threshold, 3) +
                                                                 ": sensitivity " + value_text(point.sensitivity, 3) +
                                                                 ", specificity " + value_text(point.specificity, 3)});
  return true;
}

void add_operating_point(UnitPlot& plot, const Study& study) {
  plot.legend_operating_point("operating point: the highest threshold with a sensitivity of at least " +
                              fixed_text(study.options.target_sensitivity, 2));
}

}  // namespace

void draw_roc(Drawing& drawing, const Study& study) {
  UnitPlot plot(drawing, "1 \xE2\x88\x92 specificity", "sensitivity");
  plot.curve(kReferenceLine, {{0, 0}, {1, 1}});
  for (const Series& series : series_of(study)) {
    if (!add_to_legend(plot, study, series, "AUC", "_roc_auc")) continue;
    const evaluate::Curve& curve = series.target->curve;
    plot.curve(series.style, roc_points(curve));
    const evaluate::BinaryCounts& at = series.target->operating_point.counts;
    plot.operating_point(series.style.colour, roc_point(curve, at.true_positives, at.false_positives));
  }
  add_operating_point(plot, study);
  plot.legend_text("dotted: no better than chance");
  plot.finish();
}

void draw_precision_recall(Drawing& drawing, const Study& study) {
  UnitPlot plot(drawing, "recall (sensitivity)", "precision (PPV)");
  for (const Series& series : series_of(study)) {
    if (!add_to_legend(plot, study, series, "average precision", "_average_precision")) continue;
    const evaluate::Curve& curve = series.target->curve;
    const double chance = share(curve.positives, curve.positives + curve.negatives);
    plot.curve({series.style.colour, 1, Stroke::dotted}, {{0, chance}, {1, chance}});
    plot.curve(series.style, precision_points(curve));
    const evaluate::BinaryCounts& at = series.target->operating_point.counts;
    plot.operating_point(series.style.colour, precision_point(curve, at.true_positives, at.false_positives));
  }
  add_operating_point(plot, study);
  plot.legend_text("dotted: precision of chance");
  plot.finish();
}

}  // namespace fovea::tools
