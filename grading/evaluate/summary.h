// Everything that is measured, as one list, with the intervals, and what the pictures are drawn from.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "grading/evaluate/bootstrap.h"
#include "grading/evaluate/calibration.h"
#include "grading/evaluate/confusion.h"
#include "grading/evaluate/curves.h"
#include "grading/evaluate/sample.h"

namespace fovea::evaluate {

/// What a metric is about: all grades, one grade, "referable" (N or worse), "any" (1 or worse); and a yes or no against
/// "N or worse", which no evaluation has of itself.
enum class Group { overall, grade, referable, any, yes_no };

/// One number. Keys are stable: overall "accuracy", "quadratic_kappa", "linear_kappa", "kappa", "macro_f1",
/// "weighted_f1", "balanced_accuracy", "mean_absolute_error", "matthews", and with probabilities "brier", "log_loss",
/// "calibration_error" (of the predicted grade's probability, against being right); for each grade
/// "grade_<g>_precision", "_recall", "_f1"; and for both of "referable" and "any" "<group>_sensitivity",
/// "_specificity", "_ppv", "_npv", and with probabilities "_roc_auc", "_average_precision", "_brier",
/// "_calibration_error", "_log_loss", "_operating_threshold", "_operating_sensitivity", "_operating_specificity".
/// At the operating point each resample chooses its own threshold.
struct Metric {
  std::string key;
  std::string title;  // for people: "Sensitivity"; the group says of what
  Group group = Group::overall;
  int grade = -1;  // of group `grade`; N of `referable` and `yes_no`, 1 of `any`
  /// NaN where it is undefined (0 of 0, one class only); never 0.
  double value = kUndefined;
  /// Percentile bootstrap, 95 %, and the resamples that could not be used for it.
  PercentileInterval bootstrap;
  /// Only of proportions (accuracy, precision and recall of a grade, sensitivity, specificity, PPV, NPV).
  std::optional<Proportion> proportion;
  Interval wilson;
  /// Only of areas under the ROC curve.
  std::optional<Interval> newcombe;

  /// The interval to show: Wilson's of proportions, Newcombe's of areas, else the bootstrap's.
  const Interval& interval() const { return proportion ? wilson : newcombe ? *newcombe : bootstrap.interval; }
};

/// A yes or no made from the grades: `grade` or worse.
struct Target {
  int grade = 1;
  BinaryCounts counts;
  /// Of the probability of `grade` or worse; empty without probabilities.
  Curve curve;
  OperatingPoint operating_point;
  std::vector<ReliabilityBin> reliability;
};

struct Evaluation {
  Confusion confusion;  // its total() is n, its true_total(g) the support of a grade
  std::vector<Metric> metrics;
  Target referable;
  Target any;
  /// Bins of the predicted grade's probability, against being right; empty without probabilities.
  std::vector<ReliabilityBin> reliability;
};

struct EvaluationOptions {
  int referable = 2;                // 1 ... classes - 1
  double target_sensitivity = 0.9;  // in (0, 1]
  int bins = 10;                    // of the calibration error and the reliability diagram
  BootstrapOptions bootstrap;
};

/// Throws Error for a bad sample or options out of range.
Evaluation evaluate(const Sample& sample, const EvaluationOptions& options);

}  // namespace fovea::evaluate
