// The kernels that resize pictures against the reference, bit by bit: every remainder of the vector, rows that end at
// an unmapped page, weights of either sign.
#include "kernels/reference/resize.h"

#include <algorithm>
#include <cstring>
#include <vector>

#include "tests/support/kernel_test.h"

namespace fovea::test {
namespace {

class Resize : public KernelTest {
 protected:
  // `count` values of T whose last one lies before the end of `memory`.
  template <class T>
  static T* at_end(Buffer& memory, std::int64_t count) {
    return reinterpret_cast<T*>(memory.data() + memory.size()) - count;
  }

  std::uint8_t byte() { return static_cast<std::uint8_t>(random().integer(0, 255)); }

  // Weights of `taps` taps at each of `width` places of a row of `pixels`, magnitudes of at most 2^12 together, or 2^11
  // where there are two, whose sums are words; those past the row's end are zero.
  struct Taps {
    std::vector<std::int32_t> first;
    std::vector<std::int16_t> weights;
  };
  Taps taps_of(int taps, int width, int pixels) {
    Taps made;
    for (int x = 0; x < width; ++x) made.first.push_back(random().integer(0, pixels - 1));
    std::sort(made.first.begin(), made.first.end());
    for (const int first : made.first) {
      for (int k = 0; k < taps; ++k) {
        const int most = 1024, least = taps == 2 ? 0 : -most;  // two taps are of a linear resize
        made.weights.push_back(first + k < pixels ? static_cast<std::int16_t>(random().integer(least, most)) : 0);
      }
    }
    return made;
  }

  // One row; call(arguments, x, c) after expect(arguments) ran the kernel.
  template <class Run, class Check>
  void across(int taps, Run run, Check check) {
    for (const int pixels : {1, 2, 3, 5, 6, 21}) {
      for (const int width : {1, 2, 7, 16, 33}) {
        Buffer memory((3 * pixels + 3) / 4);
        std::uint8_t* in = at_end<std::uint8_t>(memory, 3 * pixels);
        std::generate_n(in, 3 * pixels, [&] { return byte(); });
        const Taps made = taps_of(taps, width, pixels);
        const ResizeAcrossArgs args{in, 3 * pixels, made.first.data(), made.weights.data(), width};
        run(args);
        for (int x = 0; x < width; ++x) {
          for (int c = 0; c < 3; ++c) ASSERT_TRUE(check(args, x, c)) << pixels << " pixels to " << width << " at " << x;
        }
      }
    }
  }
};
FOVEA_EVERY_TABLE(Resize);

TEST_P(Resize, CubicAcross) {
  std::vector<float> out(3 * 33 + 1);
  across(
      4, [&](const ResizeAcrossArgs& args) { table().resize.cubic_across_u8(args, out.data()); },
      [&](const ResizeAcrossArgs& args, int x, int c) {
        const auto want = static_cast<float>(reference::resize_across_u8(args, 4, x, c));
        return out[static_cast<std::size_t>(3 * x + c)] == want;
      });
}

TEST_P(Resize, LinearAcross) {
  std::vector<std::int16_t> out(3 * 33 + 1);
  across(
      2, [&](const ResizeAcrossArgs& args) { table().resize.linear_across_u8(args, out.data()); },
      [&](const ResizeAcrossArgs& args, int x, int c) {
        return out[static_cast<std::size_t>(3 * x + c)] == reference::resize_across_u8(args, 2, x, c) >> 4;
      });
}

TEST_P(Resize, CellsAcross) {
  for (const int pixels : {1, 2, 3, 8, 50}) {
    for (const int width : {1, 3, 17}) {
      Buffer memory((3 * pixels + 3) / 4);
      std::uint8_t* in = at_end<std::uint8_t>(memory, 3 * pixels);
      std::generate_n(in, 3 * pixels, [&] { return byte(); });
      std::vector<std::int32_t> first, begin{0};
      std::vector<float> weights, out(static_cast<std::size_t>(3 * width + 1));
      for (int x = 0; x < width; ++x) {
        first.push_back(random().integer(0, pixels - 1));
        const int cells = x == width - 1 ? pixels - first.back() : random().integer(1, pixels - first.back());
        begin.push_back(begin.back() + cells);
        for (int k = 0; k < cells; ++k) weights.push_back(random().real(0, 1));
      }
      const ResizeCellsArgs args{in, 3 * pixels, first.data(), begin.data(), weights.data(), width};
      table().resize.cells_across_u8(args, out.data());
      std::vector<float> want;
      for (int i = 0; i < 3 * width; ++i) want.push_back(reference::resize_cells_across_u8(args, i / 3, i % 3));
      out.pop_back();
      ASSERT_TRUE(same_bits(out, want)) << pixels << " pixels to " << width;
    }
  }
}

// Counts of values around the vector's, and whether a kernel writes no others.
constexpr int kCounts[] = {1, 3, 15, 16, 17, 31, 32, 33, 96};

TEST_P(Resize, CubicDown) {
  for (const int n : kCounts) {
    const std::int64_t read = (n + 15) / 16 * 16;
    Buffer rows(4 * read), out_memory((n + 3) / 4);
    for (float& x : rows.values()) x = static_cast<float>(random().integer(-100000, 600000));
    const float* row[4] = {rows.data(), rows.data() + read, rows.data() + 2 * read, rows.data() + 3 * read};
    float weights[4];
    for (float& weight : weights) weight = random().real(-0.5f, 1) * 0x1p-11f;
    std::uint8_t* out = at_end<std::uint8_t>(out_memory, n);
    table().resize.cubic_down_f32(row, weights, n, out);
    for (int i = 0; i < n; ++i) {
      const float values[4] = {row[0][i], row[1][i], row[2][i], row[3][i]};
      ASSERT_EQ(out[i], reference::resize_cubic_down_f32(values, weights)) << i << " of " << n;
    }
    ASSERT_TRUE(out_memory.guards_whole());
  }
}

TEST_P(Resize, LinearDown) {
  for (const int n : kCounts) {
    for (const int weight : {0, 1, 683, 1024, 2047, 2048}) {
      Buffer a((n + 1) / 2), b((n + 1) / 2), out_memory((n + 3) / 4);
      std::int16_t *first = at_end<std::int16_t>(a, n), *second = at_end<std::int16_t>(b, n);
      for (int i = 0; i < n; ++i) {
        first[i] = static_cast<std::int16_t>(random().integer(0, 255 * 128));
        second[i] = i == 0 ? first[i] : static_cast<std::int16_t>(random().integer(0, 255 * 128));
      }
      const std::int16_t* rows[2] = {first, second};
      const std::int16_t weights[2] = {static_cast<std::int16_t>(2048 - weight), static_cast<std::int16_t>(weight)};
      std::uint8_t* out = at_end<std::uint8_t>(out_memory, n);
      table().resize.linear_down_s16(rows, weights, n, out);
      for (int i = 0; i < n; ++i) {
        const int want = reference::resize_linear_down_s16(first[i], second[i], weights[0], weights[1]);
        ASSERT_EQ(out[i], want) << i << " of " << n << ", weight " << weight;
      }
      ASSERT_TRUE(out_memory.guards_whole());
    }
  }
}

TEST_P(Resize, CellsDown) {
  for (const int n : {16, 32, 80}) {
    for (const bool first : {true, false}) {
      Buffer row(n), sums(n);
      random().fill(row.values());
      if (!first) random().fill(sums.values());
      const float weight = random().real(0, 1);
      std::vector<float> want;
      for (int i = 0; i < n; ++i) want.push_back(reference::resize_cells_down_f32(row[i], weight, first, sums[i]));
      table().resize.cells_down_f32(row.data(), weight, first, n, sums.data());
      ASSERT_TRUE(same_bits(sums.values(), want)) << n;
      ASSERT_TRUE(sums.guards_whole());
    }
  }
}

TEST_P(Resize, Round) {
  const std::vector<float> special = {0,      -0.0f, 0.5f, 1.5f,       2.5f,       254.5f,  255.4f,     255.5f,
                                      256,    1e9f,  3e9f, 2147483648, 2147483520, -1,      -0.5f,      -3e9f,
                                      -1e30f, 1e30f, kNaN, kInfinity,  -kInfinity, 127.49f, 0.49999997f};
  for (const int n : kCounts) {
    Buffer in((n + 15) / 16 * 16), out_memory((n + 3) / 4);
    for (std::int64_t i = 0; i < in.size(); ++i) {
      in[i] =
          i < static_cast<std::int64_t>(special.size()) ? special[static_cast<std::size_t>(i)] : random().real(-9, 265);
    }
    std::uint8_t* out = at_end<std::uint8_t>(out_memory, n);
    table().resize.round_f32_u8(in.data(), n, out);
    for (int i = 0; i < n; ++i) ASSERT_EQ(out[i], reference::round_f32_u8(in[i])) << in[i];
    ASSERT_TRUE(out_memory.guards_whole());
  }
}

}  // namespace
}  // namespace fovea::test
