// Whole-number taps as the sum of two parts that together have few terms: one is summed by recursion, one as it is.
#pragma once

#include <vector>

namespace fovea {

/// What one term costs in additions: a weight of up to `max_repeat` is added as often, others are multiplied.
struct TermCost {
  int max_repeat;
  double scaled;
};

/// taps = smooth + added. s[i] = r[i] + the sum of `added`, where r[i] = r[i - lag] + the sum of `running` are those of
/// `smooth`.
struct GaussianSplit {
  int lag;                         ///< 0: `smooth` and `running` are zero
  std::vector<int> smooth, added;  ///< as many as taps, around i
  std::vector<int> running;        ///< taps + lag places: `smooth` around i less `smooth` around i - lag
};

/// A cheap split, of all lags up to kGaussianMaxLag and none: of those with the least sum of magnitudes for their lag
/// the one that costs least. The magnitudes of the taps sum to 512 at most, those of a Gaussian to 256.
GaussianSplit gaussian_split(const std::vector<int>& taps, const TermCost& cost);

}  // namespace fovea
