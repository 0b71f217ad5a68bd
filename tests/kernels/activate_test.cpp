// Activation curves over the range of float: against double, at the edges, and bit for bit between instruction sets.
#include <algorithm>
#include <cmath>
#include <vector>

#include "kernels/reference/activate.h"
#include "tests/support/kernel_test.h"

namespace fovea::test {
namespace {

// A curve and its largest error in ulps over moderate operands.
struct Limit {
  const char* name;
  ActivateArgs activate;
  double ulps;
};
constexpr Limit kLimits[] = {
    {"leaky relu", {Curve::relu, 0, 0.3f}, 1},
    {"elu", {Curve::elu, 1, 1, 1}, 3},
    {"scaled elu", {Curve::elu, 1.5f, 2, 0.5f}, 4},
    {"swish", {Curve::swish}, 4},
    {"hard_swish", {Curve::hard_swish}, 3},
    {"tanh", {Curve::tanh}, 4},
    {"mish", {Curve::mish}, 6},
    {"softplus", {Curve::softplus}, 4},
    {"softsign", {Curve::softsign}, 2},
    {"exponential", {Curve::exponential}, 2},
    {"log_sigmoid", {Curve::log_sigmoid}, 4},
    {"square", {Curve::square}, 1},
    {"absolute", {Curve::absolute}, 0},
};

std::vector<float> operands() {
  std::vector<float> x;
  for (int i = -2000; i < 2000; ++i) x.push_back(static_cast<float>(i) * 0.0099f);
  for (float small = 1; small > 1e-30f; small *= 0.37f) {
    x.push_back(small);
    x.push_back(-small);
  }
  while (x.size() % 16 != 0) x.push_back(0.5f);
  return x;
}

class Curves : public KernelTest {};
FOVEA_EVERY_TABLE(Curves);

TEST_P(Curves, CloseToDouble) {
  const std::vector<float> in = operands();
  std::vector<float> out(in.size());
  for (const Limit& limit : kLimits) {
    table().activate.f32(in.data(), out.data(), static_cast<std::int64_t>(in.size()), limit.activate);
    double worst = 0;
    float worst_at = 0;
    for (std::size_t i = 0; i < in.size(); ++i) {
      if (limit.activate.curve == Curve::hard_swish && std::abs(in[i] + 3) < 0.1f) continue;  // x + 3 cancels
      const double error = ulps(out[i], reference::activate(in[i], limit.activate));
      if (error > worst) worst_at = in[i];
      worst = std::max(worst, error);
    }
    EXPECT_LE(worst, limit.ulps) << limit.name << " at " << worst_at;
  }
}

// Both round exp's operand, which grows with the square of x: relative to x instead of the tiny result.
TEST_P(Curves, Gelu) {
  const std::vector<float> in = operands();
  std::vector<float> out(in.size());
  for (const Curve curve : {Curve::gelu, Curve::gelu_tanh}) {
    table().activate.f32(in.data(), out.data(), static_cast<std::int64_t>(in.size()), {curve});
    for (std::size_t i = 0; i < in.size(); ++i) {
      const double want = reference::activate(in[i], {curve});
      const double allowed = std::abs(want) * (8 + in[i] * in[i]) * 0x1p-24 + std::abs(in[i]) * 0x1p-26;
      ASSERT_LE(std::abs(out[i] - want), allowed) << in[i];
    }
  }
}

TEST_P(Curves, HardSigmoid) {
  const std::vector<float> in = operands();
  std::vector<float> out(in.size());
  for (const ActivateArgs& a :
       {ActivateArgs{Curve::hard_sigmoid, 1.0f / 6, 0.5f}, ActivateArgs{Curve::hard_sigmoid, 0.2f, 0.5f}}) {
    table().activate.f32(in.data(), out.data(), static_cast<std::int64_t>(in.size()), a);
    for (std::size_t i = 0; i < in.size(); ++i) ASSERT_NEAR(out[i], reference::activate(in[i], a), 0x1p-23) << in[i];
  }
}

TEST_P(Curves, ReluWithThresholdAndBounds) {
  Buffer in(64), out(64);
  random().fill(in.values());
  for (const ActivateArgs& a : {ActivateArgs{Curve::relu, 0.25f, 0.5f, 0, {0, 0.5f}},
                                ActivateArgs{Curve::relu, -0.5f, 0}, ActivateArgs{Curve::relu, 0.25f, 0}}) {
    table().activate.f32(in.data(), out.data(), 64, a);
    for (int i = 0; i < 64; ++i) EXPECT_NEAR(out[i], reference::activate(in[i], a), 1e-6) << in[i];
  }
}

TEST_P(Curves, EdgesAndInPlace) {
  for (const Limit& limit : kLimits) {
    SCOPED_TRACE(limit.name);
    Buffer x(16);
    for (float& value : x.values()) value = 0;
    x[1] = kNaN;
    x[2] = 80;
    x[3] = -80;
    table().activate.f32(x.data(), x.data(), 16, limit.activate);
    EXPECT_TRUE(x.guards_whole());
    EXPECT_TRUE(std::isnan(x[1]));
    EXPECT_NEAR(x[0], reference::activate(0, limit.activate), 1e-7);
    for (const int i : {2, 3}) {
      const double want = reference::activate(i == 2 ? 80 : -80, limit.activate);
      EXPECT_NEAR(x[i], want, 1e-6 * (1 + std::abs(want)));
    }
  }
}

TEST_F(SameBits, Curves) {
  const std::vector<float> in = operands();
  expect_same([&](const KernelTable& table) {
    std::vector<float> all;
    for (const Limit& limit : kLimits) {
      std::vector<float> out(in.size());
      table.activate.f32(in.data(), out.data(), static_cast<std::int64_t>(in.size()), limit.activate);
      all.insert(all.end(), out.begin(), out.end());
    }
    return all;
  });
}

}  // namespace
}  // namespace fovea::test
