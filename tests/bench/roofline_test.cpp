// The roofline's arithmetic on numbers that can be checked by hand.
#include "bench/machine/roofline.h"

#include <gtest/gtest.h>

namespace fovea::bench {
namespace {

// Arithmetic and memory meet at 5 FLOP a byte.
constexpr Peaks kPeaks{.gflops = 100, .gb_per_s = 20};

TEST(Roofline, TheRoofIsTheLowerOfTheTwo) {
  EXPECT_DOUBLE_EQ(ridge(kPeaks), 5);
  EXPECT_DOUBLE_EQ(roof(kPeaks, 1), 20);
  EXPECT_DOUBLE_EQ(roof(kPeaks, 5), 100);
  EXPECT_DOUBLE_EQ(roof(kPeaks, 50), 100);
}

TEST(Roofline, ArithmeticBinds) {
  const Work work{.flops = 1e9, .bytes = 1e8};  // 10 FLOP a byte
  EXPECT_DOUBLE_EQ(intensity(work), 10);
  const Efficiency got = efficiency(work, 20, kPeaks);  // 1e9 in 20 ms
  EXPECT_DOUBLE_EQ(got.gflops, 50);
  EXPECT_DOUBLE_EQ(got.percent_of_peak, 50);
  EXPECT_DOUBLE_EQ(got.percent_of_roofline, 50);
}

TEST(Roofline, MemoryBinds) {
  const Work work{.flops = 1e9, .bytes = 1e9};  // 1 FLOP a byte: at most 20 GFLOP/s
  const Efficiency got = efficiency(work, 100, kPeaks);
  EXPECT_DOUBLE_EQ(got.gflops, 10);
  EXPECT_DOUBLE_EQ(got.percent_of_peak, 10);
  EXPECT_DOUBLE_EQ(got.percent_of_roofline, 50);
}

TEST(Roofline, WithoutArithmeticTheBandwidthCounts) {
  const Efficiency got = efficiency({.flops = 0, .bytes = 2e8}, 40, kPeaks);  // 5 GB/s
  EXPECT_DOUBLE_EQ(got.gflops, 0);
  EXPECT_DOUBLE_EQ(got.percent_of_peak, 0);
  EXPECT_DOUBLE_EQ(got.percent_of_roofline, 25);
}

TEST(Roofline, LessArithmeticThanCountedExceedsThePeak) {
  EXPECT_DOUBLE_EQ(efficiency({.flops = 2e9, .bytes = 1e6}, 10, kPeaks).percent_of_peak, 200);
}

}  // namespace
}  // namespace fovea::bench
