// The bootstrap: draws rows again and again, with replacement, and takes intervals from what the metrics become.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "grading/evaluate/curves.h"
#include "grading/evaluate/interval.h"

namespace fovea::evaluate {

inline constexpr int kMaxResamples = 100'000;

struct BootstrapOptions {
  int resamples = 2000;  // 0 leaves all bootstrap intervals undefined
  std::uint64_t seed = 1;
  int threads = 1;  // 1 ... 1024; results do not depend on it
};

/// Throws Error if a number is out of its range.
void check(const BootstrapOptions& options);

/// Draws stratified resamples: from each stratum as many rows as it has. Rows of a stratum stand together.
class Resampler {
 public:
  /// Sizes of the strata, in the order of the rows; each below 2^31.
  Resampler(std::vector<std::size_t> strata, std::uint64_t seed);

  std::size_t rows() const { return rows_; }
  /// How often resample `index` draws each row. It depends on the strata, the seed and the index alone.
  void draw(int index, std::span<RowCount> counts) const;

 private:
  std::vector<std::size_t> strata_;
  std::size_t rows_;
  std::uint64_t seed_;
};

/// Writes what is measured on rows that count so often; called at the same time by threads numbered from 0, and must
/// not throw.
using Measure = std::function<void(std::span<const RowCount> counts, int thread, std::span<double> values)>;

/// Values of all resamples, [value][resample].
std::vector<double> bootstrap(const Resampler& resampler, const BootstrapOptions& options, std::size_t values,
                              const Measure& measure);

/// Whether the values of the resamples say how far the value may be off.
enum class Spread {
  known,
  not_drawn,        // no resamples
  none,             // the percentiles are one number: a width of 0 would claim more than is known
  often_undefined,  // in more than kMostUndefined of the resamples
};

/// Share of the resamples in which the value may be undefined; what is left of more is another population.
inline constexpr double kMostUndefined = 0.05;

struct PercentileInterval {
  Interval interval;  // NaN unless the spread is known
  /// Resamples in which the value is undefined (NaN); the interval is that of the others.
  int undefined = 0;
  Spread spread = Spread::not_drawn;
};

/// The 2.5 and 97.5 percentiles, interpolated as by numpy.percentile.
PercentileInterval percentile_interval(std::span<const double> values);

}  // namespace fovea::evaluate
