// ROC and precision-recall curves of a score, what they enclose, and the threshold that reaches a wanted sensitivity.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "grading/evaluate/binary.h"
#include "grading/evaluate/interval.h"

namespace fovea::evaluate {

/// How often a row counts: once, or as often as a resample drew it.
using RowCount = std::int32_t;

/// Rows in falling order of their score. Rows with equal scores form one step: no threshold tells them apart.
class Ranking {
 public:
  /// `positive` holds 0 or 1 for each score.
  Ranking(std::span<const double> scores, std::span<const std::uint8_t> positive);

  struct Entry {
    std::uint32_t row;
    bool positive;
    bool ends_step;
  };
  std::span<const Entry> entries() const { return entries_; }
  /// Score of the entry at this place.
  double score(std::size_t place) const { return scores_[place]; }

 private:
  std::vector<Entry> entries_;
  std::vector<double> scores_;
};

/// What is positive at `score >= threshold`.
struct CurvePoint {
  double threshold = kUndefined;
  std::int64_t true_positives = 0;
  std::int64_t false_positives = 0;
};

/// Both curves: the ROC curve is (false_positives / negatives, true_positives / positives), the precision-recall curve
/// (true_positives / positives, true_positives / (true_positives + false_positives)).
struct Curve {
  std::int64_t positives = 0;
  std::int64_t negatives = 0;
  /// By falling threshold. The first has threshold +infinity and counts nothing, the last counts everything.
  std::vector<CurvePoint> points;
};
Curve curve(const Ranking& ranking);

/// The highest threshold whose sensitivity is at least the wanted one. Undefined, with counts of nothing, without
/// positives.
struct OperatingPoint {
  double threshold = kUndefined;
  BinaryCounts counts;
  double sensitivity = kUndefined;
  double specificity = kUndefined;
};

struct CurveScores {
  /// Area under the ROC curve by trapezes. NaN if all rows are positive, or none.
  double roc_auc = kUndefined;
  /// Sum of precision * (step of recall), not interpolated. NaN if no row is positive.
  double average_precision = kUndefined;
  std::int64_t positives = 0;
  std::int64_t negatives = 0;
  OperatingPoint operating_point;
};

/// `counts[row]` says how often each row counts; `target_sensitivity` is in (0, 1].
CurveScores curve_scores(const Ranking& ranking, std::span<const RowCount> counts, double target_sensitivity);

}  // namespace fovea::evaluate
