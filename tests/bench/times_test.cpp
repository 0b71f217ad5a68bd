// Minimum, median and percentile of few and of many times.
#include "bench/machine/times.h"

#include <gtest/gtest.h>

namespace fovea::bench {
namespace {

TEST(Times, OneTimeIsAllThree) {
  const Times got = summary({3});
  EXPECT_EQ(got.min, 3);
  EXPECT_EQ(got.median, 3);
  EXPECT_EQ(got.p95, 3);
}

TEST(Times, TheMedianOfAnEvenNumberLiesBetween) {
  const Times got = summary({4, 1, 3, 2});
  EXPECT_EQ(got.min, 1);
  EXPECT_EQ(got.median, 2.5);
  EXPECT_EQ(got.p95, 4);
}

TEST(Times, FiveOfAHundredExceedThe95thPercentile) {
  std::vector<double> times;
  for (int i = 100; i > 0; --i) times.push_back(i);
  EXPECT_EQ(summary(times).p95, 95);
  times.push_back(101);
  EXPECT_EQ(summary(times).p95, 96);
}

}  // namespace
}  // namespace fovea::bench
