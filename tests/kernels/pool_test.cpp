// Pooling kernels against the reference: maxima exact, averages within their tolerance.
#include "kernels/reference/pool.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "tests/support/kernel_test.h"

namespace fovea::test {
namespace {

// Output size with padding on both sides; without zero padding every window must reach into the input.
int out_size(int size, int kernel, int stride, int pad) { return (size + 2 * pad - kernel) / stride + 1; }

class Pool : public KernelTest {
 protected:
  // Calls f for pools over every kernel, stride and padding that fits, odd sizes, kernel taller than wide and reverse.
  template <class F>
  void for_each_pool(bool zero_padding, F f) {
    for (const int h : {1, 2, 5, 9}) {
      for (const int kernel : {1, 2, 3, 5}) {
        for (const int stride : {1, 2, 3, 7}) {
          for (const int pad : {0, 1, 2, 4, 7}) {
            if (!zero_padding && pad >= kernel) continue;  // a window without a cell has no maximum
            fovea::PoolArgs p{};
            p.h = h;
            p.w = h + 3;
            p.kh = kernel;
            p.kw = kernel % 3 + 1;
            p.stride_h = stride;
            p.stride_w = stride % 3 + 1;
            p.pad_top = pad;
            p.pad_left = zero_padding ? pad : std::min(pad, p.kw - 1);
            p.zero_padding = zero_padding;
            if (p.h + 2 * p.pad_top < p.kh || p.w + 2 * p.pad_left < p.kw) continue;
            p.y_end = out_size(p.h, p.kh, p.stride_h, p.pad_top);
            p.out_w = out_size(p.w, p.kw, p.stride_w, p.pad_left);
            SCOPED_TRACE(testing::Message() << "input " << p.h << "x" << p.w << " kernel " << p.kh << "x" << p.kw
                                            << " stride " << p.stride_h << "x" << p.stride_w << " padding " << p.pad_top
                                            << "," << p.pad_left << (zero_padding ? " of zeros" : ""));
            f(p);
            if (HasFatalFailure()) return;
          }
        }
      }
    }
  }

  void check_max(fovea::PoolArgs p) {
    Buffer in(p.h * p.w * 16), out(p.y_end * p.out_w * 16);
    random().fill(in.values());
    for (float& x : in.values()) x -= 0.5f;  // mostly negative, so that a stray zero shows
    p.in = in.data();
    p.out = out.data();
    std::vector<float> want;
    for (int i = 0; i < p.y_end * p.out_w * 16; ++i) {
      want.push_back(reference::max_pool_f32_c16(p, i / 16 / p.out_w, i / 16 % p.out_w, i % 16));
    }
    table().pool.max_f32_c16(p);
    ASSERT_TRUE(all_equal(out.values(), want));
    ASSERT_TRUE(out.guards_whole());
  }
};
FOVEA_EVERY_TABLE(Pool);

std::vector<Ref> average_references(const fovea::PoolArgs& p) {
  std::vector<Ref> refs;
  for (int i = 0; i < p.y_end * p.out_w * 16; ++i) {
    refs.push_back(reference::average_pool_f32_c16(p, i / 16 / p.out_w, i / 16 % p.out_w, i % 16));
  }
  return refs;
}

TEST_P(Pool, MaxMatchesReference) {
  for_each_pool(false, [&](const fovea::PoolArgs& p) { check_max(p); });
}

TEST_P(Pool, MaxOverZeroPaddingMatchesReference) {
  for_each_pool(true, [&](const fovea::PoolArgs& p) { check_max(p); });
}

TEST_P(Pool, AverageMatchesReference) {
  for_each_pool(false, [&](fovea::PoolArgs p) {
    Buffer in(p.h * p.w * 16), out(p.y_end * p.out_w * 16);
    random().fill(in.values());
    p.in = in.data();
    p.out = out.data();
    const std::vector<Ref> want = average_references(p);
    table().pool.average_f32_c16(p);
    ASSERT_TRUE(all_close(out.values(), want));
    ASSERT_TRUE(out.guards_whole());
  });
}

TEST_P(Pool, WrongAnswerFails) {
  Buffer in(5 * 5 * 16), out(3 * 3 * 16);
  random().fill(in.values());
  const fovea::PoolArgs p{in.data(), 5, 5, out.data(), 3, 0, 3, 3, 3, 1, 1, 0, 0, false};
  table().pool.average_f32_c16(p);
  EXPECT_TRUE(wrong_answer_fails(out.values(), average_references(p)));
  table().pool.max_f32_c16(p);
  std::vector<float> want;
  for (int i = 0; i < 9 * 16; ++i) want.push_back(reference::max_pool_f32_c16(p, i / 16 / 3, i / 16 % 3, i % 16));
  EXPECT_TRUE(all_equal(out.values(), want));
  out[77] = std::nextafter(out[77], 2.0f);
  EXPECT_FALSE(all_equal(out.values(), want));
}

TEST_P(Pool, WritesOnlyTheRowsAskedFor) {
  for (const bool average : {false, true}) {
    Buffer in(9 * 7 * 16), out(9 * 7 * 16);
    random().fill(in.values());
    fovea::PoolArgs p{in.data(), 9, 7, out.data(), 7, 2, 5, 3, 3, 1, 1, 1, 1, false};
    (average ? table().pool.average_f32_c16 : table().pool.max_f32_c16)(p);
    for (int i = 0; i < out.size(); ++i) {
      ASSERT_EQ(out.untouched(i), i < 2 * 7 * 16 || i >= 5 * 7 * 16) << i;
    }
  }
}

TEST_P(Pool, NanStays) {
  Buffer in(6 * 6 * 16), out(3 * 3 * 16);
  random().fill(in.values());
  in[(2 * 6 + 3) * 16 + 5] = kNaN;  // window (1, 1), lane 5
  const fovea::PoolArgs p{in.data(), 6, 6, out.data(), 3, 0, 3, 2, 2, 2, 2, 0, 0, false};
  for (const bool average : {false, true}) {
    (average ? table().pool.average_f32_c16 : table().pool.max_f32_c16)(p);
    for (int i = 0; i < out.size(); ++i) EXPECT_EQ(std::isnan(out[i]), i == 4 * 16 + 5) << i;
  }
}

class GlobalPool : public KernelTest {};
FOVEA_EVERY_TABLE(GlobalPool);

TEST_P(GlobalPool, MatchesReference) {
  for (const int pixels : {1, 2, 3, 4, 5, 6, 7, 8, 9, 15, 16, 17, 49, 121, 484, 12544}) {
    for (const bool integers : {false, true}) {
      SCOPED_TRACE(pixels);
      Buffer in(pixels * 16), mean(16), largest(16);
      random().fill(in.values(), integers);
      std::vector<Ref> want_mean;
      std::vector<float> want_largest;
      for (int lane = 0; lane < 16; ++lane) {
        want_mean.push_back(reference::global_average_f32_c16(in.data(), pixels, lane));
        want_largest.push_back(reference::global_max_f32_c16(in.data(), pixels, lane));
      }
      table().pool.global_average_f32_c16(in.data(), pixels, mean.data());
      table().pool.global_max_f32_c16(in.data(), pixels, largest.data());
      EXPECT_TRUE(all_close(mean.values(), want_mean));
      EXPECT_TRUE(all_equal(largest.values(), want_largest));
      EXPECT_TRUE(mean.guards_whole() && largest.guards_whole());
      EXPECT_TRUE(wrong_answer_fails(mean.values(), want_mean));
    }
  }
}

TEST_P(GlobalPool, NanStaysInItsLane) {
  for (int at = 0; at < 7; ++at) {
    Buffer in(7 * 16), out(16);
    random().fill(in.values());
    in[at * 16 + 3] = kNaN;
    table().pool.global_average_f32_c16(in.data(), 7, out.data());
    for (int lane = 0; lane < 16; ++lane) EXPECT_EQ(std::isnan(out[lane]), lane == 3) << "average, pixel " << at;
    table().pool.global_max_f32_c16(in.data(), 7, out.data());
    for (int lane = 0; lane < 16; ++lane) EXPECT_EQ(std::isnan(out[lane]), lane == 3) << "maximum, pixel " << at;
  }
}

TEST_F(SameBits, Pool) {
  for (const int pixels : {1, 2, 3, 7, 49, 484}) {
    expect_same([&](const KernelTable& table) {
      Buffer in(pixels * 16);
      Random().fill(in.values());
      std::vector<float> out(16);
      table.pool.global_average_f32_c16(in.data(), pixels, out.data());
      return out;
    });
  }
  for (const bool average : {false, true}) {
    expect_same([&](const KernelTable& table) {
      Buffer in(9 * 7 * 16);
      Random().fill(in.values());
      std::vector<float> out(9 * 7 * 16);
      const fovea::PoolArgs p{in.data(), 9, 7, out.data(), 7, 0, 9, 3, 3, 1, 1, 1, 1, false};
      (average ? table.pool.average_f32_c16 : table.pool.max_f32_c16)(p);
      return out;
    });
  }
}

}  // namespace
}  // namespace fovea::test
