// The comparisons: each is fed wrong answers and must fail.
#include "tests/support/close.h"

#include <cmath>
#include <limits>
#include <vector>

#include "tests/support/kernel_test.h"

namespace fovea::test {
namespace {

constexpr double kUnit = 0x1p-24;

TEST(Close, ToleranceFollowsFromTheSum) {
  const Ref r{1.0, 8.0, 30};
  EXPECT_EQ(tolerance(r), 32 * kUnit * 8);
  EXPECT_TRUE(close(1.0f + static_cast<float>(31 * kUnit * 8), r));
  EXPECT_FALSE(close(1.0f + static_cast<float>(33 * kUnit * 8), r));
  EXPECT_FALSE(close(1.0f - static_cast<float>(33 * kUnit * 8), r));
}

TEST(Close, FourTolerancesFail) {
  std::vector<Ref> want(32, Ref{0.5, 4.0, 10});
  std::vector<float> got(32, 0.5f);
  EXPECT_TRUE(all_close(got, want));
  for (std::size_t i = 0; i < got.size(); ++i) {
    got[i] += static_cast<float>(4 * tolerance(want[i]));
    EXPECT_FALSE(all_close(got, want)) << i;
    got[i] = 0.5f;
  }
}

TEST(Close, NanAndInfinityAreFarFromNumbers) {
  const Ref r{1.0, 1e30, 10};
  EXPECT_FALSE(close(kNaN, r));
  EXPECT_FALSE(close(kInfinity, r));
  EXPECT_FALSE(close(1.0f, {std::nan(""), 1, 1}));
  EXPECT_FALSE(close(kNaN, {std::nan(""), 1, 1}));
  EXPECT_TRUE(close(kInfinity, {std::numeric_limits<double>::infinity(), 1, 1}));
  EXPECT_FALSE(close(-kInfinity, {std::numeric_limits<double>::infinity(), 1, 1}));
  EXPECT_FALSE(close(3e38f, {std::numeric_limits<double>::infinity(), 1, 1}));
}

TEST(Close, AlmostAllZerosIsMistrusted) {
  std::vector<Ref> want(32, Ref{0, 1, 3});
  EXPECT_FALSE(all_close(std::vector<float>(32, 0.0f), want));
  for (std::size_t i = 0; i < 8; ++i) want[i].value = 1;
  std::vector<float> got(32, 0.0f);
  for (std::size_t i = 0; i < 8; ++i) got[i] = 1;
  EXPECT_TRUE(all_close(got, want));
}

TEST(Close, SizesMustAgree) {
  const std::vector<Ref> want(3, Ref{1, 1, 1});
  EXPECT_FALSE(all_close(std::vector<float>(2, 1.0f), want));
  EXPECT_FALSE(all_equal(std::vector<float>(2, 1.0f), std::vector<float>(3, 1.0f)));
  EXPECT_FALSE(all_close({}, {}));
}

TEST(Close, ExactMeansExact) {
  const float next = std::nextafter(1.0f, 2.0f);
  EXPECT_TRUE(all_equal(std::vector<float>{1, 0.0f, kNaN}, std::vector<float>{1, -0.0f, kNaN}));
  EXPECT_FALSE(all_equal(std::vector<float>{1, 2}, std::vector<float>{1, std::nextafter(2.0f, 3.0f)}));
  EXPECT_FALSE(all_equal(std::vector<float>{kNaN}, std::vector<float>{1}));
  EXPECT_TRUE(all_exact(std::vector<float>{3}, std::vector<Ref>{{3, 1e9, 1e9}}));
  EXPECT_FALSE(all_exact(std::vector<float>{next}, std::vector<Ref>{{1, 1e9, 1e9}}));
  EXPECT_TRUE(same_bits(std::vector<float>{1, kNaN}, std::vector<float>{1, kNaN}));
  EXPECT_FALSE(same_bits(std::vector<float>{0.0f}, std::vector<float>{-0.0f}));
  EXPECT_FALSE(same_bits(std::vector<float>{1}, std::vector<float>{next}));
}

TEST(Close, Ulps) {
  EXPECT_EQ(ulps(1.0f, 1.0), 0);
  EXPECT_EQ(ulps(1.0f + 0x1p-23f, 1.0), 1);
  EXPECT_EQ(ulps(1.0f + 0x1p-23f, 1.0 + 0x1p-24), 0.5);
  EXPECT_EQ(ulps(0x1p-149f, 0x1p-148), 1);
  EXPECT_EQ(ulps(0.0f, 0.0), 0);
  EXPECT_EQ(ulps(kInfinity, 1e39), 0);
  EXPECT_TRUE(std::isinf(ulps(kInfinity, 1.0)));
  EXPECT_TRUE(std::isinf(ulps(1.0f, 1e39)));
  EXPECT_TRUE(std::isinf(ulps(kNaN, 1.0)));
}

TEST(Close, WrongAnswerCheckCanFail) {
  // A tolerance too small to move the float: the check must say so.
  EXPECT_FALSE(wrong_answer_fails(std::vector<float>(3, 1e6f), std::vector<Ref>(3, Ref{1e6, 1e-9, 1})));
}

TEST(Buffers, NoticeStrayWrites) {
  Buffer buffer(10, 3);
  EXPECT_TRUE(buffer.guards_whole());
  EXPECT_EQ(buffer.touched(), 0);
  buffer[4] = kNaN;  // another NaN than the canary
  EXPECT_FALSE(buffer.untouched(4));
  EXPECT_EQ(buffer.touched(), 1);
  EXPECT_TRUE(buffer.guards_whole());
  buffer.data()[10] = 0;
  EXPECT_FALSE(buffer.guards_whole());
  Buffer before(10);
  before.data()[-1] = 0;
  EXPECT_FALSE(before.guards_whole());
}

TEST(BuffersDeathTest, EndAtAnUnmappedPage) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  Buffer buffer(10);
  volatile float* end = buffer.data() + 10;
  EXPECT_DEATH(static_cast<void>(*end), "");
  EXPECT_DEATH(*end = 1, "");
}

}  // namespace
}  // namespace fovea::test
