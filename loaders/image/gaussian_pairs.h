// The terms of a weighted sum that stand at one distance from each other again and again, added once.
#pragma once

#include <vector>

#include "kernels/table.h"

namespace fovea {

/// What one term costs in additions: a weight of up to `max_repeat` is added as often, others are multiplied.
struct TermCost {
  int max_repeat;
  double scaled;
  double pair;  ///< a line of pairs, for each sum
};

/// Weights over places, and over lines of pairs of places; what they sum to is never changed.
class GaussianPairs {
 public:
  explicit GaussianPairs(std::vector<int> weights) : lines_{std::move(weights)} {}

  /// Makes lines of pairs as long as each saves more than it costs: always the one that saves most.
  void pair_up(const TermCost& cost);

  double cost(const TermCost& cost) const;
  /// Weights of line 0, the places themselves, or of line n, that of pair n - 1.
  const std::vector<int>& line(int n) const { return lines_[static_cast<std::size_t>(n)]; }
  const std::vector<GaussianPair>& pairs() const { return pairs_; }

 private:
  using Lines = std::vector<std::vector<int>>;
  std::vector<GaussianPair> frequent(int max_repeat) const;
  int take(const GaussianPair& pair, int max_repeat, Lines& lines) const;

  Lines lines_;
  std::vector<GaussianPair> pairs_;
};

}  // namespace fovea
