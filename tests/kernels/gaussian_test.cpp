// The Gaussian kernels against plain loops, every byte: small pictures of all sizes, borders that are reflected many
// times, chunks and blocks cut anywhere, all kinds of taps.
#include "kernels/reference/gaussian.h"

#include <algorithm>
#include <numeric>
#include <vector>

#include "pictures/prepare/gaussian_plan.h"
#include "pictures/prepare/gaussian_taps.h"
#include "tests/support/kernel_test.h"

namespace fovea::test {
namespace {

using Taps = std::vector<int>;

std::size_t size(std::int64_t n) { return static_cast<std::size_t>(n); }

std::vector<std::int32_t> reflected(int first, int count, int n) {
  std::vector<std::int32_t> places;
  for (int i = 0; i < count; ++i) places.push_back(reference::reflect(first + i, n));
  return places;
}

/// A canary around what a kernel may write.
template <class T>
struct Guarded {
  static constexpr std::size_t kGuard = 64;
  static constexpr T kCanary = 93;
  std::vector<T> all;
  explicit Guarded(std::int64_t n) : all(size(n) + 2 * kGuard, kCanary) {}
  T* data() { return all.data() + kGuard; }
  bool whole() const {
    const auto is_canary = [](T x) { return x == kCanary; };
    return std::all_of(all.begin(), all.begin() + kGuard, is_canary) &&
           std::all_of(all.end() - kGuard, all.end(), is_canary);
  }
};

enum class Content { random, extremes, full, empty };

class Gaussian : public KernelTest {
 protected:
  std::vector<std::uint8_t> picture(int width, int height, Content content) {
    std::vector<std::uint8_t> bytes(size(width * height * 3));
    for (std::uint8_t& x : bytes) {
      const int value = random().integer(0, 255);
      x = static_cast<std::uint8_t>(content == Content::random  ? value
                                    : content == Content::full  ? 255
                                    : content == Content::empty ? 0
                                                                : value / 128 * 255);
    }
    return bytes;
  }

  // Vertical sums of all columns, made unsigned, in blocks of `block` rows.
  std::vector<std::uint16_t> down(const std::vector<std::uint8_t>& in, int width, int height, const GaussianPlan& plan,
                                  int block) {
    const int columns = 3 * width, strip = height * 32;
    Guarded<std::uint16_t> out((columns + 31) / 32 * strip), kept((columns + 31) / 32 * plan.lag() * 32);
    const int extra = plan.reach_before() + plan.reach_after();
    for (int y = 0; y < height; y += block) {
      const int rows = std::min(block, height - y);
      const std::vector<std::int32_t> source = reflected(y - plan.reach_before(), rows + extra, height);
      for (int x = 0; x < columns; x += kGaussianColumns) {
        Guarded<std::uint16_t> window((rows + extra) * kGaussianColumns), ring(kGaussianRing * 32);
        table().gaussian.down_u8({in.data() + x, columns, source.data(), std::min(kGaussianColumns, columns - x), rows,
                                  plan.sums(std::max(0, plan.lag() - y)), window.data(), ring.data(),
                                  kept.data() + x / 32 * plan.lag() * 32, out.data() + x / 32 * strip + y * 32, strip});
        EXPECT_TRUE(window.whole() && ring.whole());
      }
    }
    EXPECT_TRUE(out.whole() && kept.whole());
    std::vector<std::uint16_t> sums;
    for (int i = 0; i < columns * height; ++i) {
      const int x = i % columns, y = i / columns;
      sums.push_back(static_cast<std::uint16_t>(out.data()[x / 32 * strip + y * 32 + x % 32] ^ 0x8000));
    }
    return sums;
  }

  struct Weights {
    float weight, blur_weight, offset;
    std::int64_t other_order_from;
  };

  // Horizontal sums and contrast of up to 16 rows.
  std::vector<std::uint8_t> across(const std::vector<std::uint16_t>& in, const std::vector<std::uint8_t>& bytes,
                                   int width, int rows, const GaussianPlan& plan, const Weights& w) {
    const int columns = 3 * width, strip = 16 * 32;
    std::vector<std::uint16_t> strips(size((columns + 31) / 32 * strip));
    for (int i = 0; i < rows * columns; ++i) {
      const int x = i % columns, y = i / columns;
      strips[size(x / 32 * strip + y * 32 + x % 32)] = in[size(i)] ^ 0x8000;
    }
    const int extra = plan.reach_before() + plan.reach_after();
    const std::vector<std::int32_t> source = reflected(-plan.reach_before(), width + extra, width);
    Guarded<float> window((2 * kGaussianPad + extra + std::min(width, kGaussianChunk)) * 48),
        ring(3 * kGaussianRing * 16);
    Guarded<std::uint8_t> blurred(3 * kGaussianChunk * 16), out(rows * width * 3);
    table().gaussian.across_u16({strips.data(), strip, width, rows, source.data(), plan.sums(plan.lag()), window.data(),
                                 ring.data(), blurred.data(), bytes.data(), 3 * width, out.data(), 3 * width, w.weight,
                                 w.blur_weight, w.offset, w.other_order_from});
    EXPECT_TRUE(window.whole() && ring.whole() && blurred.whole() && out.whole());
    return {out.data(), out.data() + rows * width * 3};
  }
};
FOVEA_EVERY_TABLE(Gaussian);

std::vector<std::uint16_t> down_reference(const std::vector<std::uint8_t>& in, int width, int height,
                                          const Taps& taps) {
  std::vector<std::uint16_t> sums;
  for (int i = 0; i < 3 * width * height; ++i) {
    const int x = i % (3 * width), y = i / (3 * width);
    sums.push_back(static_cast<std::uint16_t>(reference::weighted_sum(taps, &in[size(x)], 3 * width, height, y)));
  }
  return sums;
}

std::uint8_t blurred_reference(const std::vector<std::uint16_t>& in, int width, int i, const Taps& taps) {
  const int y = i / (3 * width), x = i / 3 % width, c = i % 3;
  return static_cast<std::uint8_t>((reference::weighted_sum(taps, &in[size(y * 3 * width + c)], 3, width, x) + 32768) >>
                                   16);
}

GaussianPlan down_plan(const Taps& taps) { return GaussianPlan(taps, {2, 2}); }
GaussianPlan across_plan(const Taps& taps) { return GaussianPlan(taps, {1, 1.2}); }

TEST_P(Gaussian, SmallPicturesOfEverySizeMatchReference) {
  const double sigmas[] = {0.5, 1, 2.5, 6, 15, 40};
  for (int height = 1; height <= 40; ++height) {
    for (int width = 1; width <= 40; ++width) {
      const double sigma = sigmas[(7 * height + width) % 6];
      SCOPED_TRACE(testing::Message() << width << "x" << height << " sigma " << sigma);
      const Taps taps = gaussian_taps(sigma);
      const auto in = picture(width, height, static_cast<Content>((height + width) % 4));
      const int block = 1 + height % 17;
      const auto sums = down(in, width, height, down_plan(taps), block);
      ASSERT_EQ(sums, down_reference(in, width, height, taps));
      const int rows = std::min(height, 16);
      const auto out = across(sums, in, width, rows, across_plan(taps), {0, 1, 0, 1 << 30});
      for (int i = 0; i < rows * width * 3; ++i) ASSERT_EQ(out[size(i)], blurred_reference(sums, width, i, taps)) << i;
    }
  }
}

TEST_P(Gaussian, LongLinesMatchReference) {
  for (const int n : {kGaussianChunk - 1, kGaussianChunk, kGaussianChunk + 1, 2 * kGaussianChunk + 7}) {
    for (const double sigma : {0.7, 10.0, 33.3, 60.0}) {
      SCOPED_TRACE(testing::Message() << n << " sigma " << sigma);
      const Taps taps = gaussian_taps(sigma);
      const auto tall = picture(1, n, Content::random);
      ASSERT_EQ(down(tall, 1, n, down_plan(taps), 64), down_reference(tall, 1, n, taps));
      const auto wide = picture(n, 2, Content::extremes);
      std::vector<std::uint16_t> sums(wide.size());
      for (std::uint16_t& x : sums) x = static_cast<std::uint16_t>(random().integer(0, 255 * 256));
      const auto out = across(sums, wide, n, 2, across_plan(taps), {0, 1, 0, 1 << 30});
      for (int i = 0; i < 6 * n; ++i) ASSERT_EQ(out[size(i)], blurred_reference(sums, n, i, taps)) << i;
    }
  }
}

// Every form of the same taps: with and without multiplications.
TEST_P(Gaussian, EveryPlanGivesTheSameSums) {
  const auto in = picture(5, 70, Content::random);
  Taps waves;  // of small range, below zero too, and repeating themselves
  for (int i = 0; i < 60; ++i) waves.push_back(i % 3 == 0 ? -1 : 7 - i / 20);
  waves.push_back(256 - std::accumulate(waves.begin(), waves.end(), 0));
  EXPECT_GT(down_plan(waves).lag(), 0);
  EXPECT_GT(down_plan(gaussian_taps(22)).lag(), 0);
  for (const Taps& taps : {Taps{256}, Taps{-3, 262, -3}, Taps{1, 0, 0, 0, 254, 0, 0, 0, 1}, waves, gaussian_taps(22)}) {
    const auto want = down_reference(in, 5, 70, taps);
    for (const int max_repeat : {0, 1, 2, 300}) {
      for (const double scaled : {0.1, 1.0, 50.0}) {
        EXPECT_EQ(down(in, 5, 70, GaussianPlan(taps, {max_repeat, scaled}), 32), want) << max_repeat << " " << scaled;
      }
    }
  }
}

TEST_P(Gaussian, ContrastMatchesReference) {
  const int width = 47, rows = 5;
  const Taps taps = gaussian_taps(3);
  const auto in = picture(width, rows, Content::random);
  const auto sums = down_reference(in, width, rows, taps);
  const auto plan = across_plan(taps);
  std::vector<Weights> cases = {{4, -4, 128, 1 << 30}, {1e6f, -1e6f, -1e6f, 0}, {1e30f, 1, 0, 0}, {-1e30f, 1, 0, 9}};
  for (int i = 0; i < 40; ++i) {
    cases.push_back({random().real(-5, 5), random().real(-5, 5), random().real(-200, 200), random().integer(0, 700)});
  }
  cases.push_back({0.5f, 0.5f, 0, 100});  // halves are rounded to even
  for (const Weights& w : cases) {
    const auto out = across(sums, in, width, rows, plan, w);
    for (int i = 0; i < rows * width * 3; ++i) {
      const std::uint8_t blurred = blurred_reference(sums, width, i, taps);
      ASSERT_EQ(out[size(i)],
                reference::contrast(in[size(i)], blurred, w.weight, w.blur_weight, w.offset, i >= w.other_order_from))
          << i << " weights " << w.weight << " " << w.blur_weight << " " << w.offset;
    }
  }
}

// Without a recursion nothing here would test it.
TEST_P(Gaussian, ARecursionSavesTerms) {
  const auto count = [](const WeightedSum& sum) { return sum.n_plus + sum.n_minus + sum.n_scaled; };
  for (const double sigma : {10.0, 20.0, 40.0, 60.0}) {
    const Taps taps = gaussian_taps(sigma);
    const GaussianPlan plan = across_plan(taps);
    const GaussianSums sums = plan.sums(0);
    const auto plain = std::count_if(taps.begin(), taps.end(), [](int t) { return t != 0; });
    EXPECT_GT(plan.lag(), 0);
    EXPECT_GT(count(sums.running), 0);
    EXPECT_LT(count(sums.running) + count(sums.added), plain * 4 / 5) << sigma;
    if (sigma == 40) {
      EXPECT_EQ(count(sums.running) + count(sums.added), 42) << "the fewest there are for a recursion and a rest";
    }
  }
}

TEST_P(Gaussian, WrongTapsAreNoticed) {
  Taps taps = gaussian_taps(9);
  const auto in = picture(8, 30, Content::random);
  const auto right = down(in, 8, 30, down_plan(taps), 30);
  taps[3] += 1;
  taps[7] -= 1;
  EXPECT_NE(right, down_reference(in, 8, 30, taps));
}

}  // namespace
}  // namespace fovea::test
