// How to sum with a Gaussian's taps cheaply, as the kernels read it.
#pragma once

#include <cstdint>
#include <vector>

#include "kernels/args/gaussian.h"
#include "pictures/prepare/gaussian_split.h"

namespace fovea {

/// Whole-number taps as GaussianSums: the places of a GaussianSplit's terms.
class GaussianPlan {
 public:
  GaussianPlan(const std::vector<int>& taps, const TermCost& cost);

  int lag() const { return lag_; }
  int reach_before() const { return radius_ + lag(); }
  int reach_after() const { return radius_; }
  /// For sums of which the first `direct_count` have none before them. Points into this object.
  GaussianSums sums(int direct_count) const;

 private:
  struct Terms {
    std::vector<std::int32_t> plus, minus, scaled, factors;
    void add(const std::vector<int>& weights, std::int32_t first, const TermCost& cost);
    WeightedSum view() const;
  };

  int radius_, lag_;
  Terms direct_, running_, added_;
};

}  // namespace fovea
