// Seeded, stratified resamples, in parallel, and percentiles of what was measured on them.
#include "grading/evaluate/bootstrap.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <numeric>
#include <string>
#include <utility>

#include <fovea/error.h>
#include "base/thread_team.h"

namespace fovea::evaluate {

namespace {

constexpr int kMaxThreads = 1024;

/// SplitMix64: a counter, scrambled. Each resample starts its own at a place that depends on seed and index alone, so
/// threads may draw resamples in any order.
class Generator {
 public:
  Generator(std::uint64_t seed, int index)
      : counter_(scrambled(scrambled(seed + kStep) + static_cast<std::uint64_t>(index))) {}

  std::uint32_t next() { return static_cast<std::uint32_t>(scrambled(counter_ += kStep) >> 32); }

  /// Uniform in [0, n) without bias: products whose low half is one of the first 2^32 mod n are drawn again.
  std::uint32_t below(std::uint32_t n) {
    std::uint64_t product = std::uint64_t{next()} * n;
    if (static_cast<std::uint32_t>(product) < n) {
      const std::uint32_t surplus = (0U - n) % n;
      while (static_cast<std::uint32_t>(product) < surplus) product = std::uint64_t{next()} * n;
    }
    return static_cast<std::uint32_t>(product >> 32);
  }

 private:
  static constexpr std::uint64_t kStep = 0x9e3779b97f4a7c15;
  static std::uint64_t scrambled(std::uint64_t x) {
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9;
    x = (x ^ (x >> 27)) * 0x94d049bb133111eb;
    return x ^ (x >> 31);
  }

  std::uint64_t counter_;
};

/// Of sorted values, as numpy.percentile interpolates.
double percentile(std::span<const double> sorted, double share) {
  const double place = share * static_cast<double>(sorted.size() - 1);
  const auto below = static_cast<std::size_t>(place);
  const double part = place - static_cast<double>(below);
  const double low = sorted[below], high = sorted[std::min(below + 1, sorted.size() - 1)];
  return part < 0.5 ? low + (high - low) * part : high - (high - low) * (1 - part);
}

}  // namespace

void check(const BootstrapOptions& options) {
  if (options.resamples < 0 || options.resamples > kMaxResamples) {
    throw Error("evaluation: " + std::to_string(options.resamples) + " resamples are not between 0 and " +
                std::to_string(kMaxResamples));
  }
  if (options.threads < 1 || options.threads > kMaxThreads) {
    throw Error("evaluation: " + std::to_string(options.threads) + " threads are not between 1 and " +
                std::to_string(kMaxThreads));
  }
}

Resampler::Resampler(std::vector<std::size_t> strata, std::uint64_t seed)
    : strata_(std::move(strata)), rows_(std::accumulate(strata_.begin(), strata_.end(), std::size_t{0})), seed_(seed) {}

void Resampler::draw(int index, std::span<RowCount> counts) const {
  Generator generator(seed_, index);
  std::fill(counts.begin(), counts.end(), 0);
  RowCount* stratum = counts.data();
  for (const std::size_t size : strata_) {
    for (std::size_t i = 0; i < size; ++i) ++stratum[generator.below(static_cast<std::uint32_t>(size))];
    stratum += size;
  }
}

std::vector<double> bootstrap(const Resampler& resampler, const BootstrapOptions& options, std::size_t values,
                              const Measure& measure) {
  const auto resamples = static_cast<std::size_t>(options.resamples);
  std::vector<double> all(values * resamples);
  if (resamples == 0) return all;
  const int threads = std::min(options.threads, options.resamples);
  std::vector<std::vector<RowCount>> counts(static_cast<std::size_t>(threads));
  std::vector<std::vector<double>> measured(static_cast<std::size_t>(threads));
  for (std::vector<RowCount>& buffer : counts) buffer.resize(resampler.rows());
  for (std::vector<double>& buffer : measured) buffer.resize(values);
  ThreadTeam team(threads);
  team.for_each(options.resamples, [&](std::int64_t index, int thread) {
    std::vector<RowCount>& own_counts = counts[static_cast<std::size_t>(thread)];
    std::vector<double>& own_values = measured[static_cast<std::size_t>(thread)];
    resampler.draw(static_cast<int>(index), own_counts);
    measure(own_counts, thread, own_values);
    for (std::size_t v = 0; v < values; ++v) all[v * resamples + static_cast<std::size_t>(index)] = own_values[v];
  });
  return all;
}

PercentileInterval percentile_interval(std::span<const double> values) {
  std::vector<double> sorted;
  sorted.reserve(values.size());
  std::copy_if(values.begin(), values.end(), std::back_inserter(sorted), [](double v) { return !std::isnan(v); });
  const auto undefined = static_cast<int>(values.size() - sorted.size());
  if (values.empty()) return {};
  if (sorted.empty() || undefined > kMostUndefined * static_cast<double>(values.size())) {
    return {{}, undefined, Spread::often_undefined};
  }
  std::sort(sorted.begin(), sorted.end());
  const Interval interval{percentile(sorted, 0.025), percentile(sorted, 0.975)};
  constexpr double kRounding = 1e-12;  // of sums of the same numbers in other orders
  const double scale = std::max(std::abs(interval.low), std::abs(interval.high));
  if (interval.high - interval.low <= kRounding * scale) return {{}, undefined, Spread::none};
  return {interval, undefined, Spread::known};
}

}  // namespace fovea::evaluate
