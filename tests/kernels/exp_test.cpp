// exp and sigmoid over the whole range of float. FOVEA_FULL=1 visits every float instead of a sample.
#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "kernels/reference/elementwise.h"
#include "tests/support/kernel_test.h"

namespace fovea::test {
namespace {

constexpr double kExpUlps = 2;

class Exp : public KernelTest {
 protected:
  // Largest error in ulps of exp over all floats first, first + step, ... by bit pattern, up to (not including) end.
  void sweep(float first, float end, std::uint32_t step) {
    constexpr int kChunk = 4096;
    Buffer in(kChunk), out(kChunk);
    double worst = 0;
    float worst_at = 0;
    const std::uint64_t stop = std::bit_cast<std::uint32_t>(end);
    for (std::uint64_t bits = std::bit_cast<std::uint32_t>(first); bits < stop;) {
      for (float& x : in.values()) {
        x = std::bit_cast<float>(static_cast<std::uint32_t>(std::min(bits, stop - 1)));
        bits += step;
      }
      table().elementwise.exp_f32(in.data(), out.data(), kChunk);
      for (int i = 0; i < kChunk; ++i) {
        const double error = ulps(out[i], reference::exp_f32(in[i]));
        if (error > worst) {
          worst = error;
          worst_at = in[i];
        }
      }
    }
    EXPECT_LE(worst, kExpUlps) << "exp(" << worst_at << ")";
    RecordProperty("worst_ulps", std::to_string(worst));
  }

  float exp(float x) {
    Buffer in(16), out(16);
    for (float& v : in.values()) v = x;
    table().elementwise.exp_f32(in.data(), out.data(), 16);
    return out[7];
  }
};
FOVEA_EVERY_TABLE(Exp);

// Between exp(-104), which rounds to zero, and the largest float: normal and denormal results.
TEST_P(Exp, WithinTwoUlpOfDouble) {
  const std::uint32_t step = full_sweep() ? 1 : 8191;
  sweep(0.0f, 88.72283f, step);                   // the largest float whose exp is finite is 88.7228317
  sweep(-0.0f, -104.0f, step);                    // bit patterns grow away from zero
  sweep(-87.0f, -104.0f, full_sweep() ? 1 : 31);  // denormal results
}

TEST_P(Exp, EdgeValues) {
  EXPECT_EQ(exp(0.0f), 1.0f);
  EXPECT_EQ(exp(-0.0f), 1.0f);
  EXPECT_EQ(exp(kInfinity), kInfinity);
  EXPECT_EQ(exp(-kInfinity), 0.0f);
  EXPECT_TRUE(std::isnan(exp(kNaN)));
  EXPECT_TRUE(std::isnan(exp(-kNaN)));
  EXPECT_EQ(exp(0x1p-149f), 1.0f);
  EXPECT_EQ(exp(-0x1p-149f), 1.0f);
  for (const float x : {88.73f, 89.0f, 90.0f, 128.0f, 1e10f, 3.4e38f}) EXPECT_EQ(exp(x), kInfinity) << x;
  for (const float x : {-104.0f, -104.01f, -110.0f, -1000.0f, -3.4e38f}) EXPECT_EQ(exp(x), 0.0f) << x;
  for (const float x : {88.7228317f, 88.0f, 1.0f, -1.0f, -87.33655f, -88.0f, -100.0f, -103.0f, -103.97f}) {
    EXPECT_LE(ulps(exp(x), reference::exp_f32(x)), kExpUlps) << x;
  }
}

TEST_P(Exp, InPlaceAndOnlyItsOutputs) {
  for (int n = 16; n <= 96; n += 16) {
    Buffer in(n, 1), out(n);
    random().fill(in.values());
    table().elementwise.exp_f32(in.data(), out.data(), n);
    ASSERT_TRUE(out.guards_whole());
    table().elementwise.exp_f32(in.data(), in.data(), n);
    ASSERT_TRUE(in.guards_whole());
    EXPECT_TRUE(same_bits(in.values(), out.values()));
  }
}

TEST_P(Exp, WrongAnswerFails) {
  const float good = exp(1.5f);
  const float ulp = std::nextafter(good, kInfinity) - good;
  EXPECT_LE(ulps(good, reference::exp_f32(1.5f)), kExpUlps);
  EXPECT_GT(ulps(good + 8 * ulp, reference::exp_f32(1.5f)), kExpUlps);
  EXPECT_GT(ulps(good - 8 * ulp, reference::exp_f32(1.5f)), kExpUlps);
  EXPECT_GT(ulps(kNaN, reference::exp_f32(1.5f)), kExpUlps);
  EXPECT_GT(ulps(0x1p-149f * 10, 0x1p-149 * 6), kExpUlps);
}

class Sigmoid : public KernelTest {};
FOVEA_EVERY_TABLE(Sigmoid);

TEST_P(Sigmoid, MatchesReference) {
  constexpr int kCount = 16 * 1024;
  Buffer in(kCount), out(kCount);
  for (int i = 0; i < kCount; ++i) in[i] = -87.0f + 194.0f * static_cast<float>(i) / kCount;  // -87: still normal
  std::vector<Ref> want;
  for (const float x : in.values()) want.push_back(reference::sigmoid_f32(x));
  table().elementwise.sigmoid_f32(in.data(), out.data(), kCount);
  EXPECT_TRUE(all_close(out.values(), want));
  EXPECT_TRUE(wrong_answer_fails(out.values(), want));
  EXPECT_TRUE(out.guards_whole());
  table().elementwise.sigmoid_f32(in.data(), in.data(), kCount);
  EXPECT_TRUE(same_bits(in.values(), out.values()));
}

TEST_P(Sigmoid, EdgeValues) {
  Buffer x(16);
  const float in[16] = {0.0f, -0.0f, kInfinity, -kInfinity, kNaN, 100.0f, -100.0f, 3.4e38f, -3.4e38f};
  for (int i = 0; i < 16; ++i) x[i] = in[i];
  table().elementwise.sigmoid_f32(x.data(), x.data(), 16);
  EXPECT_EQ(x[0], 0.5f);
  EXPECT_EQ(x[1], 0.5f);
  EXPECT_EQ(x[2], 1.0f);
  EXPECT_EQ(x[3], 0.0f);
  EXPECT_TRUE(std::isnan(x[4]));
  EXPECT_EQ(x[5], 1.0f);
  EXPECT_LE(x[6], 0x1p-126f);  // exp(-100) is denormal; exp(100) overflows, so the result may be zero
  EXPECT_GE(x[6], 0.0f);
  EXPECT_EQ(x[7], 1.0f);
  EXPECT_EQ(x[8], 0.0f);
}

TEST_F(SameBits, ExpAndSigmoid) {
  expect_same([&](const KernelTable& table) {
    constexpr int kCount = 16 * 4096;
    Buffer in(kCount);
    int at = 0;
    for (int i = 0; i < kCount; ++i) in[i] = -105.0f + 195.0f * static_cast<float>(i) / kCount;
    constexpr float kInfinite = std::numeric_limits<float>::infinity();
    for (const float x : {kNaN, -kNaN, kInfinite, -kInfinite, 0.0f, -0.0f, 1e30f, -1e30f}) in[at++] = x;
    std::vector<float> out(2 * kCount);
    table.elementwise.exp_f32(in.data(), out.data(), kCount);
    table.elementwise.sigmoid_f32(in.data(), out.data() + kCount, kCount);
    return out;
  });
}

}  // namespace
}  // namespace fovea::test
