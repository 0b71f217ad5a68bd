// How to sum with a Gaussian's taps cheaply: a recursion, and lines of pairs that several of its terms share.
#pragma once

#include <cstdint>
#include <vector>

#include "kernels/table.h"
#include "loaders/image/gaussian_pairs.h"

namespace fovea {

/// Whole-number taps as GaussianSums: the recursion with the cheapest lag, or none where the taps themselves are
/// cheaper. Of the recursion's terms those that stand at one distance from each other again and again are added once,
/// as a line of pairs, and pairs may pair again.
class GaussianPlan {
 public:
  /// For up to `count` sums at a time, of places with up to `pad` unused ones after the last.
  GaussianPlan(const std::vector<int>& taps, TermCost cost, int count, int pad = 0);

  int lag() const { return lag_; }
  int reach_before() const { return radius_ + lag_; }
  int reach_after() const { return radius_; }
  int lines() const { return 1 + static_cast<int>(pairs_.size()); }
  int line_places() const { return line_places_; }
  /// For sums of which the first `direct_count` have none before them. Points into this object.
  GaussianSums sums(int direct_count) const;

 private:
  struct Terms {
    std::vector<std::int32_t> plus, minus, scaled, factors;
    void add(const std::vector<int>& weights, std::int32_t first, const TermCost& cost);
    WeightedSum view() const;
  };

  int radius_, lag_ = 0, line_places_ = 0;
  std::vector<GaussianPair> pairs_;
  Terms direct_, running_;
};

}  // namespace fovea
