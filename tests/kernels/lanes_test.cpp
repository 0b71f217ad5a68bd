// Lanes, pairs and factors that repeat: exact, and only where they should write.
#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include "tests/support/kernel_test.h"

namespace fovea::test {
namespace {

class Lanes : public KernelTest {};
FOVEA_EVERY_TABLE(Lanes);

TEST_P(Lanes, Copy) {
  for (const auto& [from, to, count] : {std::array{0, 0, 16}, {0, 0, 1}, {3, 9, 5}, {15, 0, 1}, {0, 4, 12}}) {
    for (const int pixels : {1, 5, 16}) {
      Buffer in(pixels * 16), out(pixels * 16);
      random().fill(in.values());
      random().fill(out.values());
      std::vector<float> want(out.values().begin(), out.values().end());
      for (int p = 0; p < pixels; ++p) {
        for (int i = 0; i < count; ++i) want[static_cast<std::size_t>(p * 16 + to + i)] = in[p * 16 + from + i];
      }
      table().lanes.copy_f32_c16(in.data(), from, out.data(), to, count, pixels);
      ASSERT_TRUE(same_bits(out.values(), want)) << from << " " << to << " " << count;
      ASSERT_TRUE(out.guards_whole());
    }
  }
}

TEST_P(Lanes, Repeat) {
  for (const auto& [first, multiplier] : {std::array{0, 2}, {16, 2}, {0, 3}, {32, 3}, {16, 16}, {64, 20}}) {
    Buffer in(5 * 16), out(5 * 16);
    random().fill(in.values());
    std::vector<float> want;
    for (int p = 0; p < 5; ++p) {
      for (int l = 0; l < 16; ++l) want.push_back(in[p * 16 + (first + l) / multiplier]);
    }
    table().lanes.repeat_f32_c16(in.data(), out.data(), 5, first, multiplier);
    ASSERT_TRUE(same_bits(out.values(), want)) << first << " of " << multiplier;
    ASSERT_TRUE(out.guards_whole());
  }
}

TEST_P(Lanes, Spread) {
  for (const int step : {1, 2, 3}) {
    for (const int pixels : {1, 5, 16}) {
      Buffer in(pixels * 16), out(((pixels - 1) * step + 1) * 16);
      random().fill(in.values());
      random().fill(out.values());
      std::vector<float> want(out.values().begin(), out.values().end());
      for (int p = 0; p < pixels; ++p) std::copy_n(&in[p * 16], 16, want.begin() + p * step * 16);
      table().lanes.spread_pixels_f32_c16(in.data(), out.data(), pixels, step);
      ASSERT_TRUE(same_bits(out.values(), want)) << pixels << " pixels, step " << step;
      ASSERT_TRUE(out.guards_whole());
    }
  }
}

TEST_P(Lanes, FactorsOfNegatives) {
  for (const int alpha_step : {0, 16}) {
    for (const bool in_place : {false, true}) {
      Buffer in(80), apart(80), alpha(alpha_step == 0 ? 16 : 80);
      random().fill(in.values());
      random().fill(alpha.values());
      in[3] = kNaN;
      in[4] = 0;
      std::vector<float> want;
      for (int i = 0; i < 80; ++i) want.push_back(in[i] <= 0 ? alpha[alpha_step == 0 ? i % 16 : i] * in[i] : in[i]);
      Buffer& out = in_place ? in : apart;
      table().elementwise.prelu_f32(in.data(), alpha.data(), alpha_step, out.data(), 80);
      ASSERT_TRUE(all_equal(out.values(), want)) << alpha_step;
      ASSERT_TRUE(in.guards_whole() && apart.guards_whole());
    }
  }
}

TEST_P(Lanes, Pairs) {
  Buffer a(80), b(80), out(80);
  random().fill(a.values());
  random().fill(b.values());
  a[3] = b[5] = kNaN;
  const auto pairing = [&](Pairing kind, auto f) {
    std::vector<float> want;
    for (int i = 0; i < 80; ++i) want.push_back(std::isnan(a[i]) || std::isnan(b[i]) ? kNaN : f(a[i], b[i]));
    table().elementwise.pair_f32(kind, a.data(), b.data(), out.data(), 80);
    EXPECT_TRUE(all_equal(out.values(), want)) << static_cast<int>(kind);
    EXPECT_TRUE(out.guards_whole());
  };
  pairing(Pairing::subtract, [](float x, float y) { return x - y; });
  pairing(Pairing::multiply, [](float x, float y) { return x * y; });
  pairing(Pairing::maximum, [](float x, float y) { return std::max(x, y); });
  pairing(Pairing::minimum, [](float x, float y) { return std::min(x, y); });
}

TEST_P(Lanes, FactorsThatRepeat) {
  for (const int period : {1, 3, 5}) {
    Buffer in(160), out(160), scale(period * 16), shift(period * 16);
    random().fill(in.values(), true);  // whole numbers: exact
    random().fill(scale.values(), true);
    random().fill(shift.values(), true);
    std::vector<float> want;
    for (int i = 0; i < 160; ++i) want.push_back(in[i] * scale[i % (16 * period)] + shift[i % (16 * period)]);
    table().elementwise.affine_f32_nhwc(in.data(), out.data(), 160, period, scale.data(), shift.data());
    ASSERT_TRUE(all_equal(out.values(), want)) << period;
    ASSERT_TRUE(out.guards_whole());
  }
}

}  // namespace
}  // namespace fovea::test
