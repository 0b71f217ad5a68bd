// Statistics, normalisation by them, pairings with something smaller, and interpolation, each against plain loops.
#include <algorithm>
#include <cmath>
#include <vector>

#include "tests/support/kernel_test.h"

namespace fovea::test {
namespace {

class Normalise : public KernelTest {};
FOVEA_EVERY_TABLE(Normalise);

// Pixels of `channels` channels whose lanes past the last hold a large number, normalised with centre and deviation.
std::vector<float> normalised(const KernelTable& table, int channels, bool centre, std::vector<Ref>* want) {
  const int blocks = (channels + 15) / 16, pixels = 3;
  Buffer in(blocks * pixels * 16), out(blocks * pixels * 16), scale(blocks * 16), shift(blocks * 16);
  Random random;
  for (float& x : in.values()) x = 1e30f;
  for (float& x : scale.values()) x = 0;
  for (float& x : shift.values()) x = 0;
  const auto at = [&](int pixel, int c) { return (c / 16 * pixels + pixel) * 16 + c % 16; };
  for (int c = 0; c < channels; ++c) {
    scale[c] = random.real();
    shift[c] = random.real();
    for (int p = 0; p < pixels; ++p) in[at(p, c)] = 3 + random.real();
  }
  const float divisor = static_cast<float>(channels);
  table.normalise.channels_f32_c16(
      {in.data(), out.data(), channels, pixels, pixels * 16, centre, divisor, 0.01f, 0, scale.data(), shift.data()});
  EXPECT_TRUE(out.guards_whole());
  std::vector<float> got;
  for (int p = 0; p < pixels; ++p) {
    double mean = 0, squares = 0;
    for (int c = 0; c < channels; ++c) mean += centre ? double{in[at(p, c)]} / channels : 0;
    for (int c = 0; c < channels; ++c) squares += (in[at(p, c)] - mean) * (in[at(p, c)] - mean) / channels;
    const double inverse = 1 / std::sqrt(squares + 0.01f);
    for (int c = 0; c < channels; ++c) {
      got.push_back(out[at(p, c)]);
      if (want == nullptr) continue;
      const double size = (std::abs(in[at(p, c)]) + std::abs(mean)) * std::abs(scale[c]) * inverse + std::abs(shift[c]);
      want->push_back({(in[at(p, c)] - mean) * inverse * scale[c] + shift[c], size, static_cast<double>(channels + 8)});
    }
    for (int c = channels; c < blocks * 16; ++c) EXPECT_EQ(out[at(p, c)], 0);
  }
  return got;
}

TEST_P(Normalise, EveryChannelCount) {
  for (const int channels : {1, 2, 15, 16, 17, 31, 32, 33, 100}) {
    for (const bool centre : {false, true}) {
      SCOPED_TRACE(channels);
      std::vector<Ref> want;
      const std::vector<float> got = normalised(table(), channels, centre, &want);
      ASSERT_TRUE(all_close(got, want));
    }
  }
}

TEST_P(Normalise, WrongAnswerFails) {
  std::vector<Ref> want;
  const std::vector<float> got = normalised(table(), 37, true, &want);
  EXPECT_TRUE(wrong_answer_fails(got, want));
}

TEST_P(Normalise, Sums) {
  for (const int pixels : {1, 2, 255, 256, 257, 700}) {
    Buffer in(pixels * 16), centre(16), out(16), squares(16);
    random().fill(in.values());
    random().fill(centre.values());
    table().normalise.sum_f32_c16(in.data(), pixels, centre.data(), out.data());
    table().normalise.sum_squares_f32_c16(in.data(), pixels, centre.data(), squares.data());
    std::vector<Ref> want(16), want_squares(16);
    for (int p = 0; p < pixels; ++p) {
      for (std::size_t l = 0; l < 16; ++l) {
        const int lane = static_cast<int>(l);
        const double x = double{in[p * 16 + lane]} - double{centre[lane]};
        want[l].add(x);
        want[l].abs_sum += std::abs(in[p * 16 + lane]) + std::abs(centre[lane]);
        want_squares[l].add(x * x);
        want_squares[l].terms += 3;
      }
    }
    ASSERT_TRUE(all_close(out.values(), want)) << pixels;
    ASSERT_TRUE(all_close(squares.values(), want_squares)) << pixels;
    ASSERT_TRUE(out.guards_whole() && squares.guards_whole());
  }
}

TEST_P(Normalise, PairsWithSomethingSmaller) {
  for (const bool swapped : {false, true}) {
    for (const bool per_pixel : {false, true}) {
      Buffer a(80), b(per_pixel ? 80 : 16), out(80);
      random().fill(a.values());
      random().fill(b.values());
      const auto check = [&](Pairing pairing, auto f) {
        std::vector<float> want;
        for (int i = 0; i < 80; ++i) {
          const float small = b[per_pixel ? i / 16 * 16 : i % 16];
          want.push_back(swapped ? f(small, a[i]) : f(a[i], small));
        }
        table().elementwise.pair_small_f32_c16({pairing, swapped, a.data(), b.data(), per_pixel, out.data(), 5});
        EXPECT_TRUE(same_bits(out.values(), want)) << static_cast<int>(pairing);
        EXPECT_TRUE(out.guards_whole());
      };
      check(Pairing::add, [](float x, float y) { return x + y; });
      check(Pairing::subtract, [](float x, float y) { return x - y; });
      check(Pairing::multiply, [](float x, float y) { return x * y; });
      check(Pairing::maximum, [](float x, float y) { return std::max(x, y); });
      check(Pairing::minimum, [](float x, float y) { return std::min(x, y); });
    }
  }
}

TEST_P(Normalise, ScaledSum) {
  Buffer a(80), b(80), out(80);
  random().fill(a.values(), true);
  random().fill(b.values(), true);
  std::vector<float> want;
  for (int i = 0; i < 80; ++i) want.push_back(std::min(6.0f, std::max(0.0f, a[i] + 0.5f * b[i])));
  table().elementwise.add_scaled_f32(a.data(), b.data(), 0.5f, out.data(), 80, kRelu6);
  EXPECT_TRUE(all_equal(out.values(), want));
  EXPECT_TRUE(out.guards_whole());
}

// Two taps an axis, whole numbers and weights of a half: exact. Taps outside read the border.
TEST_P(Normalise, Interpolation) {
  const int h = 3, w = 4, out_h = 3, out_w = 5;
  Buffer in(h * w * 16), out(out_h * out_w * 16);
  random().fill(in.values(), true);
  const std::int32_t first_y[] = {-1, 1, 2}, first_x[] = {-1, 0, 1, 2, 3};
  const std::vector<float> halves(10, 0.5f);
  table().resample.f32_c16(
      {in.data(), h, w, out.data(), out_w, 0, out_h, 2, 2, first_y, first_x, halves.data(), halves.data()});
  EXPECT_TRUE(out.guards_whole());
  for (int y = 0; y < out_h; ++y) {
    for (int x = 0; x < out_w; ++x) {
      for (int l = 0; l < 16; ++l) {
        float want = 0;
        for (const int dy : {0, 1}) {
          for (const int dx : {0, 1}) {
            const int row = std::clamp(first_y[y] + dy, 0, h - 1), column = std::clamp(first_x[x] + dx, 0, w - 1);
            want += in[(row * w + column) * 16 + l] / 4;
          }
        }
        ASSERT_EQ(out[(y * out_w + x) * 16 + l], want) << y << " " << x;
      }
    }
  }
}

TEST_F(SameBits, Normalise) {
  for (const int channels : {1, 16, 37, 100}) {
    expect_same([&](const KernelTable& table) { return normalised(table, channels, true, nullptr); });
  }
}

}  // namespace
}  // namespace fovea::test
