// Resamples: strata, seeds and threads; percentiles.
#include "grading/evaluate/bootstrap.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numeric>
#include <vector>

#include <fovea/error.h>

namespace fovea::evaluate {
namespace {

std::vector<RowCount> draw(const std::vector<std::size_t>& strata, std::uint64_t seed, int index) {
  const Resampler resampler(strata, seed);
  std::vector<RowCount> counts(resampler.rows(), 99);
  resampler.draw(index, counts);
  return counts;
}

TEST(Resampler, EveryStratumKeepsItsSize) {
  const std::vector<std::size_t> strata{5, 0, 1, 200};
  for (int index = 0; index < 20; ++index) {
    const std::vector<RowCount> counts = draw(strata, 7, index);
    ASSERT_EQ(counts.size(), 206u);
    std::size_t begin = 0;
    for (const std::size_t size : strata) {
      const auto first = counts.begin() + static_cast<std::ptrdiff_t>(begin);
      EXPECT_EQ(std::accumulate(first, first + static_cast<std::ptrdiff_t>(size), 0), static_cast<int>(size));
      begin += size;
    }
    EXPECT_EQ(counts[5], 1);  // a stratum of one row
  }
}

TEST(Resampler, SeedAndIndexDecide) {
  EXPECT_EQ(draw({50}, 1, 3), draw({50}, 1, 3));
  EXPECT_NE(draw({50}, 1, 3), draw({50}, 1, 4));
  EXPECT_NE(draw({50}, 1, 3), draw({50}, 2, 3));
  EXPECT_NE(draw({50}, 1, 3), draw({50}, 3, 1));
}

TEST(Resampler, RowsAreDrawnEquallyOften) {
  // 20 rows, 20 000 resamples of 20: each row's total is near 20 000 with variance 20 000 * 19 / 20, and the number of
  // times that it is left out near (19 / 20)^20.
  const Resampler resampler({20}, 5);
  std::vector<RowCount> counts(20);
  std::vector<double> totals(20);
  int left_out = 0;
  constexpr int kResamples = 20'000;
  for (int index = 0; index < kResamples; ++index) {
    resampler.draw(index, counts);
    for (std::size_t row = 0; row < 20; ++row) {
      totals[row] += counts[row];
      left_out += counts[row] == 0 ? 1 : 0;
    }
  }
  double chi_square = 0;
  for (const double total : totals) chi_square += (total - kResamples) * (total - kResamples) / kResamples;
  EXPECT_LT(chi_square, 43.8);  // 19 degrees of freedom: one seed in a thousand exceeds it
  EXPECT_GT(chi_square, 5.4);   // ... or stays below this
  EXPECT_NEAR(left_out / (20.0 * kResamples), std::pow(0.95, 20), 0.004);
}

std::vector<double> sums(int threads) {
  const Resampler resampler({30, 70}, 11);
  const BootstrapOptions options{101, 11, threads};
  return bootstrap(resampler, options, 2, [](std::span<const RowCount> counts, int, std::span<double> values) {
    values[0] = values[1] = 0;
    for (std::size_t row = 0; row < counts.size(); ++row) {
      values[0] += std::sqrt(static_cast<double>(row)) * counts[row];
      values[1] += counts[row];
    }
  });
}

TEST(Bootstrap, ThreadsChangeNoBit) {
  const std::vector<double> one = sums(1);
  ASSERT_EQ(one.size(), 202u);
  EXPECT_NE(one[0], one[1]);
  EXPECT_EQ(one[101], 100);
  EXPECT_EQ(sums(2), one);
  EXPECT_EQ(sums(5), one);
  EXPECT_EQ(sums(200), one);
}

TEST(Bootstrap, PercentilesAreInterpolated) {
  const std::vector<double> values{4, 0, 2, 1, 3};
  const PercentileInterval interval = percentile_interval(values);
  EXPECT_DOUBLE_EQ(interval.interval.low, 0.1);
  EXPECT_DOUBLE_EQ(interval.interval.high, 3.9);
  EXPECT_EQ(interval.undefined, 0);
}

TEST(Bootstrap, UndefinedValuesAreLeftOutAndCounted) {
  std::vector<double> values(100);
  std::iota(values.begin(), values.end(), 1.0);
  std::fill_n(values.begin(), 5, kUndefined);
  EXPECT_EQ(percentile_interval(values).undefined, 5);
  EXPECT_EQ(percentile_interval(values).spread, Spread::known);
  EXPECT_DOUBLE_EQ(percentile_interval(values).interval.low, 6 + 0.025 * 94);
  values[5] = kUndefined;  // more than one in twenty
  EXPECT_EQ(percentile_interval(values).undefined, 6);
  EXPECT_EQ(percentile_interval(values).spread, Spread::often_undefined);
  EXPECT_TRUE(std::isnan(percentile_interval(values).interval.low));
  EXPECT_EQ(percentile_interval(std::vector{kUndefined}).spread, Spread::often_undefined);
  EXPECT_TRUE(std::isnan(percentile_interval({}).interval.low));
  EXPECT_EQ(percentile_interval({}).spread, Spread::not_drawn);
}

TEST(Bootstrap, AWidthOfZeroIsNoInterval) {
  std::vector<double> values(200, 1.0);
  EXPECT_EQ(percentile_interval(values).spread, Spread::none);
  EXPECT_TRUE(std::isnan(percentile_interval(values).interval.high));
  std::fill_n(values.begin(), 100, 1.0 - 1e-14);  // the same sum in another order
  EXPECT_EQ(percentile_interval(values).spread, Spread::none);
  std::fill_n(values.begin(), 4, 0.5);  // fewer than one in forty
  EXPECT_EQ(percentile_interval(values).spread, Spread::none);
  std::fill_n(values.begin(), 10, 0.5);
  EXPECT_EQ(percentile_interval(values).spread, Spread::known);
  EXPECT_EQ(percentile_interval(std::vector<double>(50, 0.0)).spread, Spread::none);
}

TEST(Bootstrap, OptionsOutOfRange) {
  EXPECT_NO_THROW(check({0, 0, 1}));
  EXPECT_NO_THROW(check({kMaxResamples, 0, 1024}));
  EXPECT_THROW(check({-1, 0, 1}), Error);
  EXPECT_THROW(check({kMaxResamples + 1, 0, 1}), Error);
  EXPECT_THROW(check({10, 0, 0}), Error);
  EXPECT_THROW(check({10, 0, 1025}), Error);
}

}  // namespace
}  // namespace fovea::evaluate
