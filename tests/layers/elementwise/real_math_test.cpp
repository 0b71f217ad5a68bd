// The functions in double against the system's in long double.
#include "layers/elementwise/real_math.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <random>

namespace fovea::test {
namespace {

constexpr double kEndless = std::numeric_limits<double>::infinity(),
                 kNoNumber = std::numeric_limits<double>::quiet_NaN();

double ulps(double got, long double want) {
  if (got == static_cast<double>(want) || (std::isnan(got) && std::isnan(static_cast<double>(want)))) return 0;
  int exponent = 0;
  std::frexp(static_cast<double>(want), &exponent);
  return std::abs(static_cast<double>(got - want)) / std::ldexp(1.0, exponent - 53);
}

TEST(RealMath, IsCloseToTheSystems) {
  std::mt19937 random(1);
  for (int i = 0; i < 200'000; ++i) {
    // Values of every size, as floats have them.
    const double size =
        std::ldexp(1 + std::generate_canonical<double, 32>(random), static_cast<int>(random() % 250) - 125);
    const double x = double{static_cast<float>(random() % 2 == 0 ? size : -size)}, some = std::fmod(x, 700.0);
    ASSERT_LE(ulps(exp_of(some), std::exp(static_cast<long double>(some))), 2) << some;
    ASSERT_LE(ulps(exp_less_1_of(some), std::expm1(static_cast<long double>(some))), 5) << some;
    ASSERT_LE(ulps(log_of(size), std::log(static_cast<long double>(size))), 2) << size;
    ASSERT_LE(ulps(log_2_of(size), std::log2(static_cast<long double>(size))), 3) << size;
    if (x > -1) {
      ASSERT_LE(ulps(log_1_plus_of(x), std::log1p(static_cast<long double>(x))), 2) << x;
    }
    const double exponent = static_cast<double>(random() % 20'000) / 1000 - 10;
    const long double power = std::pow(static_cast<long double>(size), static_cast<long double>(exponent));
    if (power > 1e-300L && power < 1e300L) {
      ASSERT_LE(std::abs(static_cast<double>(power_of(size, exponent) / power - 1)), 2e-13) << size << " " << exponent;
    }
  }
}

TEST(RealMath, NoticesAWrongValue) { EXPECT_GT(ulps(std::nextafter(std::nextafter(2.0, 3), 3), 2.0L), 1.5); }

TEST(RealMath, KnowsTheEnds) {
  EXPECT_EQ(exp_of(1000), kEndless);
  EXPECT_EQ(exp_of(-1000), 0);
  EXPECT_EQ(exp_of(0), 1);
  EXPECT_EQ(log_of(0), -kEndless);
  EXPECT_EQ(log_of(kEndless), kEndless);
  EXPECT_TRUE(std::isnan(log_of(-1)));
  EXPECT_EQ(log_of(1), 0);
  EXPECT_EQ(log_2_of(1024), 10);
  EXPECT_EQ(log_1_plus_of(-1), -kEndless);
  for (const double x : {exp_of(kNoNumber), exp_less_1_of(kNoNumber), log_of(kNoNumber), log_1_plus_of(kNoNumber)})
    EXPECT_TRUE(std::isnan(x));
}

TEST(RealMath, PowersOfSpecialValues) {
  const double values[] = {0.0, -0.0, 1, -1, 2, -2, 0.5, -0.5, 1e30, 3, kEndless, -kEndless, kNoNumber, -3, 2.5, -1e30};
  for (const double x : values) {
    for (const double exponent : values) {
      const double got = power_of(x, exponent), want = std::pow(x, exponent);
      const bool same = std::isnan(want) ? std::isnan(got) : got == want && std::signbit(got) == std::signbit(want);
      EXPECT_TRUE(same || std::abs(got - want) <= 1e-13 * std::abs(want)) << x << "^" << exponent << " = " << got;
    }
  }
}

}  // namespace
}  // namespace fovea::test
