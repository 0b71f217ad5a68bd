// How to sum with a Gaussian's taps cheaply, as the kernels read it.
#include "pictures/prepare/gaussian_plan.h"

#include <cstdlib>

namespace fovea {

// `first`: the place of the first weight, seen from the sum's own.
void GaussianPlan::Terms::add(const std::vector<int>& weights, std::int32_t first, const TermCost& cost) {
  for (std::size_t i = 0; i < weights.size(); ++i) {
    const int weight = weights[i];
    const std::int32_t at = first + static_cast<std::int32_t>(i);
    if (std::abs(weight) > cost.max_repeat) {
      scaled.push_back(at);
      factors.push_back(weight);
    } else {
      auto& list = weight > 0 ? plus : minus;
      list.insert(list.end(), static_cast<std::size_t>(std::abs(weight)), at);
    }
  }
}

WeightedSum GaussianPlan::Terms::view() const {
  return {plus.data(),
          minus.data(),
          scaled.data(),
          factors.data(),
          static_cast<int>(plus.size()),
          static_cast<int>(minus.size()),
          static_cast<int>(scaled.size())};
}

GaussianPlan::GaussianPlan(const std::vector<int>& taps, const TermCost& cost)
    : radius_(static_cast<int>(taps.size()) / 2) {
  const GaussianSplit split = gaussian_split(taps, cost);
  lag_ = split.lag;
  direct_.add(split.smooth, -radius_, cost);
  running_.add(split.running, -reach_before(), cost);
  added_.add(split.added, -radius_, cost);
}

GaussianSums GaussianPlan::sums(int direct_count) const {
  return {direct_.view(), running_.view(), added_.view(), lag_, direct_count, reach_before(), reach_after()};
}

}  // namespace fovea
