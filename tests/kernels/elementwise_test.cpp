// Element-wise kernels (add, clamp, scale and shift, fma) against the reference.
#include "kernels/reference/elementwise.h"

#include <cmath>
#include <vector>

#include "base/float_mode.h"
#include "tests/support/kernel_test.h"

namespace fovea::test {
namespace {

class Elementwise : public KernelTest {
 protected:
  // The kernels take multiples of 16, at any alignment.
  static constexpr int kSizes[] = {16, 32, 48, 64, 80, 272};
};
FOVEA_EVERY_TABLE(Elementwise);

TEST_P(Elementwise, AddMatchesReference) {
  for (const int n : kSizes) {
    for (const Clamp& clamp : kClamps) {
      for (const int alias : {0, 1, 2}) {  // 0: out apart, 1: out is a, 2: out is b
        SCOPED_TRACE(testing::Message() << n << " values, alias " << alias);
        Buffer a(n, alias), b(n, 3), c(n);
        random().fill(a.values());
        random().fill(b.values());
        std::vector<Ref> want;
        for (int i = 0; i < n; ++i) want.push_back(reference::add_f32(a[i], b[i], clamp));
        Buffer& out = alias == 0 ? c : alias == 1 ? a : b;
        table().elementwise.add_f32(a.data(), b.data(), out.data(), n, clamp);
        ASSERT_TRUE(all_close(out.values(), want));
        ASSERT_TRUE(a.guards_whole() && b.guards_whole() && c.guards_whole());
      }
    }
  }
}

TEST_P(Elementwise, ClampMatchesReference) {
  for (const int n : kSizes) {
    for (const Clamp& clamp : kClamps) {
      for (const bool in_place : {false, true}) {
        Buffer in(n, 1), apart(n);
        random().fill(in.values());
        in[1] = kInfinity;
        in[2] = -kInfinity;
        in[3] = kNaN;
        in[4] = clamp.lo;
        in[5] = clamp.hi;
        in[6] = 0x1p-149f;
        std::vector<float> want;
        for (int i = 0; i < n; ++i) want.push_back(reference::clamp_f32(in[i], clamp));
        Buffer& out = in_place ? in : apart;
        table().elementwise.clamp_f32(in.data(), out.data(), n, clamp);
        ASSERT_TRUE(all_equal(out.values(), want)) << n << " values, bounds " << clamp.lo << " " << clamp.hi;
        ASSERT_TRUE(in.guards_whole() && apart.guards_whole());
      }
    }
  }
}

TEST_P(Elementwise, AffineMatchesReference) {
  for (const int pixels : {1, 2, 3, 17}) {
    for (const Clamp& clamp : kClamps) {
      for (const bool in_place : {false, true}) {
        SCOPED_TRACE(pixels);
        Buffer in(pixels * 16), apart(pixels * 16, 1), scale(16), shift(16);
        random().fill(in.values());
        random().fill(scale.values());
        random().fill(shift.values());
        std::vector<Ref> want;
        for (int i = 0; i < pixels * 16; ++i) {
          want.push_back(reference::affine_f32(in[i], scale[i % 16], shift[i % 16], clamp));
        }
        Buffer& out = in_place ? in : apart;
        table().elementwise.affine_f32_c16(in.data(), out.data(), pixels, scale.data(), shift.data(), clamp);
        ASSERT_TRUE(all_close(out.values(), want));
        ASSERT_TRUE(in.guards_whole() && apart.guards_whole());
      }
    }
  }
}

TEST_P(Elementwise, WrongAnswerFails) {
  Buffer a(64), b(64), out(64);
  random().fill(a.values());
  random().fill(b.values());
  std::vector<Ref> sums, affine;
  for (int i = 0; i < 64; ++i) {
    sums.push_back(reference::add_f32(a[i], b[i], kNoClamp));
    affine.push_back(reference::affine_f32(a[i], b[i % 16], b[i % 16 + 16], kNoClamp));
  }
  table().elementwise.add_f32(a.data(), b.data(), out.data(), 64, kNoClamp);
  EXPECT_TRUE(wrong_answer_fails(out.values(), sums));
  table().elementwise.affine_f32_c16(a.data(), out.data(), 4, b.data(), b.data() + 16, kNoClamp);
  EXPECT_TRUE(wrong_answer_fails(out.values(), affine));
}

TEST_P(Elementwise, NanStaysThroughEveryClamp) {
  Buffer a(16), b(16), out(16);
  random().fill(a.values());
  random().fill(b.values());
  a[5] = kNaN;
  for (const Clamp& clamp : kClamps) {
    table().elementwise.add_f32(a.data(), b.data(), out.data(), 16, clamp);
    for (int i = 0; i < 16; ++i) EXPECT_EQ(std::isnan(out[i]), i == 5) << "add";
    table().elementwise.add_f32(b.data(), a.data(), out.data(), 16, clamp);
    for (int i = 0; i < 16; ++i) EXPECT_EQ(std::isnan(out[i]), i == 5) << "add, swapped";
    table().elementwise.affine_f32_c16(a.data(), out.data(), 1, b.data(), b.data(), clamp);
    for (int i = 0; i < 16; ++i) EXPECT_EQ(std::isnan(out[i]), i == 5) << "affine";
  }
}

// One rounding and two differ on these: (1 + e)^2 - (1 + 2e) is e^2 exactly, and 0 if the product is rounded first.
TEST_P(Elementwise, FmaRoundsOnceWhereTheInstructionSetHasIt) {
  const bool one_rounding = table().isa != Isa::portable;
  Buffer a(32), b(32), c(32), out(32);
  random().fill(a.values());
  random().fill(b.values());
  random().fill(c.values());
  for (int i = 0; i < 16; ++i) {
    a[i] = b[i] = 1 + 0x1p-12f;
    c[i] = -(1 + 0x1p-11f);
  }
  std::vector<float> want;
  int different = 0;
  for (int i = 0; i < 32; ++i) {
    const float once = std::fma(a[i], b[i], c[i]);
    const volatile float product = a[i] * b[i];
    const float twice = product + c[i];
    different += once != twice;
    want.push_back(one_rounding ? once : twice);
  }
  table().elementwise.fma_f32(a.data(), b.data(), c.data(), out.data(), 32);
  EXPECT_TRUE(same_bits(out.values(), want));
  EXPECT_GE(different, 16);
  EXPECT_EQ(out[0], one_rounding ? 0x1p-24f : 0.0f);
  EXPECT_TRUE(out.guards_whole());
}

TEST_F(SameBits, Elementwise) {
  const auto inputs = [](Buffer& a, Buffer& b) {
    Random random;
    random.fill(a.values());
    random.fill(b.values());
  };
  expect_same([&](const KernelTable& table) {
    Buffer a(160), b(160);
    inputs(a, b);
    std::vector<float> out(4 * 160);
    table.elementwise.add_f32(a.data(), b.data(), out.data(), 160, kRelu);
    table.elementwise.clamp_f32(a.data(), out.data() + 160, 160, kRelu6);
    table.elementwise.affine_f32_c16(a.data(), out.data() + 320, 10, b.data(), b.data() + 16, kNoClamp);
    table.elementwise.fma_f32(a.data(), b.data(), a.data(), out.data() + 480, 160);
    return out;
  });
}

// Zeros of either sign, numbers too small to be normal, infinities and NaN, each with each, where the small numbers are
// zero and where they are kept. Any NaN is as good as another.
TEST_F(SameBits, ElementwiseOnSpecialValues) {
  const float specials[16] = {0,         -0.0f,      0x1p-149f,        -0x1p-149f, 1e-39f, -1e-39f,
                              0x1p-126f, -0x1p-126f, 1e-30f,           -1e-30f,    0.25f,  -6,
                              kInfinity, -kInfinity, 3.402823466e+38f, kNaN};
  constexpr int kPairs = 256;
  for (const FloatMode::Tiny tiny : {FloatMode::Tiny::zero, FloatMode::Tiny::kept}) {
    const FloatMode mode(tiny);
    expect_same([&](const KernelTable& table) {
      Buffer a(kPairs), b(kPairs);
      for (int i = 0; i < kPairs; ++i) {
        a[i] = specials[i / 16];
        b[i] = specials[i % 16];
      }
      std::vector<float> out;
      const auto keep = [&](const auto& compute) {
        Buffer result(kPairs);
        compute(result.data());
        for (const float x : result.values()) out.push_back(x != x ? kNaN : x);
      };
      const auto& e = table.elementwise;
      for (const Clamp& clamp : kClamps) {
        keep([&](float* to) { e.clamp_f32(b.data(), to, kPairs, clamp); });
        keep([&](float* to) { e.add_f32(a.data(), b.data(), to, kPairs, clamp); });
      }
      for (const Pairing pairing :
           {Pairing::add, Pairing::subtract, Pairing::multiply, Pairing::maximum, Pairing::minimum}) {
        keep([&](float* to) { e.pair_f32(pairing, a.data(), b.data(), to, kPairs); });
      }
      keep([&](float* to) {
        e.fma_f32(a.data(), b.data(), a.data(), to, kPairs);
        // What rounds up to the smallest normal number x86 keeps and ARM takes for zero (docs/HACKING.md).
        for (int i = 0; i < kPairs; ++i) to[i] = std::abs(to[i]) == 0x1p-126f ? std::copysign(0.0f, to[i]) : to[i];
      });
      keep([&](float* to) { e.prelu_f32(a.data(), b.data(), 16, to, kPairs); });
      keep([&](float* to) { e.exp_f32(b.data(), to, kPairs); });
      keep([&](float* to) { e.sigmoid_f32(b.data(), to, kPairs); });
      return out;
    });
  }
}

}  // namespace
}  // namespace fovea::test
