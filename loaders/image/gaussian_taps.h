// The taps of OpenCV's 8-bit Gaussian blur, and how to sum with them cheaply.
#pragma once

#include <cstdint>
#include <vector>

#include "kernels/table.h"

namespace fovea {

/// Whole numbers that sum to 256, symmetric, an odd count of them: those of cv::GaussianBlur(img, Size(0, 0), sigma) on
/// 8-bit pixels without the zeros at both ends. sigma > 0.
std::vector<int> gaussian_taps(double sigma);

/// What one term costs in additions: a weight of up to `max_repeat` is added as often, others are multiplied.
struct TermCost {
  int max_repeat;
  double scaled;
};

/// Taps as a GaussianSums: the recursion with the cheapest lag, or none where the taps themselves are cheaper.
class GaussianPlan {
 public:
  GaussianPlan(const std::vector<int>& taps, TermCost cost);

  int lag() const { return lag_; }
  int reach_before() const { return radius_ + lag_; }
  int reach_after() const { return radius_; }
  /// For sums of which the first `direct_count` have none before them. Points into this object.
  GaussianSums sums(int direct_count) const;

 private:
  struct Terms {
    std::vector<std::int32_t> plus, minus, scaled, factors;
    double cost = 0;
    void add(int at, int weight, const TermCost& cost);
    WeightedSum view() const;
  };
  static Terms direct_terms(const std::vector<int>& taps, const TermCost& cost);
  static Terms running_terms(const std::vector<int>& taps, int lag, const TermCost& cost);

  int radius_, lag_ = 0;
  Terms direct_, running_;
};

}  // namespace fovea
