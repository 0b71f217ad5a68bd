// One pass over the rows by falling score gives the curves and all that follows from them.
#include "grading/evaluate/curves.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace fovea::evaluate {

namespace {

std::int64_t positives_of(std::span<const Ranking::Entry> entries, std::span<const RowCount> counts) {
  std::int64_t sum = 0;
  for (const Ranking::Entry& entry : entries) sum += entry.positive ? counts[entry.row] : 0;
  return sum;
}

/// The smallest count whose share of `positives` is at least `target`, as the division says it.
std::int64_t count_for(double target, std::int64_t positives) {
  const auto all = static_cast<double>(positives);
  auto count = std::max<std::int64_t>(0, static_cast<std::int64_t>(target * all) - 1);
  while (static_cast<double>(count) / all < target) ++count;
  return count;
}

}  // namespace

Ranking::Ranking(std::span<const double> scores, std::span<const std::uint8_t> positive) {
  std::vector<std::uint32_t> rows(scores.size());
  std::iota(rows.begin(), rows.end(), 0U);
  std::stable_sort(rows.begin(), rows.end(), [&](auto a, auto b) { return scores[a] > scores[b]; });
  entries_.reserve(rows.size());
  scores_.reserve(rows.size());
  for (std::size_t place = 0; place < rows.size(); ++place) {
    const std::uint32_t row = rows[place];
    const bool ends_step = place + 1 == rows.size() || scores[rows[place + 1]] != scores[row];
    entries_.push_back({row, positive[row] != 0, ends_step});
    scores_.push_back(scores[row]);
  }
}

Curve curve(const Ranking& ranking) {
  Curve result;
  result.points.push_back({std::numeric_limits<double>::infinity(), 0, 0});
  for (std::size_t place = 0; place < ranking.entries().size(); ++place) {
    const Ranking::Entry& entry = ranking.entries()[place];
    ++(entry.positive ? result.positives : result.negatives);
    if (entry.ends_step) result.points.push_back({ranking.score(place), result.positives, result.negatives});
  }
  return result;
}

CurveScores curve_scores(const Ranking& ranking, std::span<const RowCount> counts, double target_sensitivity) {
  const std::span<const Ranking::Entry> entries = ranking.entries();
  const std::int64_t positives = positives_of(entries, counts);
  const std::int64_t wanted = positives > 0 ? count_for(target_sensitivity, positives) : 0;
  std::int64_t true_positives = 0, false_positives = 0;  // up to here
  std::int64_t true_before = 0, false_before = 0;        // at the step before
  std::int64_t area = 0;                                 // twice the area, in rows * rows
  double precision_sum = 0;                              // over the positive rows
  std::int64_t wanted_false = 0, wanted_true = 0;        // at the operating point
  std::size_t wanted_place = entries.size();
  for (std::size_t place = 0; place < entries.size(); ++place) {
    const Ranking::Entry& entry = entries[place];
    const std::int64_t count = counts[entry.row];
    const std::int64_t if_positive =
        -static_cast<std::int64_t>(entry.positive);  // no branch: it would be a coin's toss
    true_positives += count & if_positive;
    false_positives += count & ~if_positive;
    if (!entry.ends_step) continue;
    area += (false_positives - false_before) * (true_positives + true_before);
    const auto called = static_cast<double>(std::max<std::int64_t>(1, true_positives + false_positives));
    precision_sum += static_cast<double>(true_positives - true_before) * (static_cast<double>(true_positives) / called);
    true_before = true_positives;
    false_before = false_positives;
    if (wanted_place == entries.size() && true_positives >= wanted) {
      wanted_place = place;
      wanted_true = true_positives;
      wanted_false = false_positives;
    }
  }
  const std::int64_t negatives = false_positives;
  CurveScores scores;
  scores.positives = positives;
  scores.negatives = negatives;
  if (positives == 0) return scores;
  if (negatives > 0) {
    scores.roc_auc = static_cast<double>(area) / (2 * static_cast<double>(positives) * static_cast<double>(negatives));
  }
  scores.average_precision = precision_sum / static_cast<double>(positives);
  const BinaryCounts wanted_counts{wanted_true, wanted_false, positives - wanted_true, negatives - wanted_false};
  scores.operating_point = {ranking.score(wanted_place), wanted_counts, sensitivity(wanted_counts).value(),
                            specificity(wanted_counts).value()};
  return scores;
}

}  // namespace fovea::evaluate
