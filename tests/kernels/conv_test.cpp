// Convolution kernels (c16 and planar) against the reference, over every tile edge and every epilogue.
#include <algorithm>
#include <cmath>

#include "tests/kernels/conv_case.h"

namespace fovea::test {
namespace {

class Conv : public KernelTest {
 protected:
  // Runs every K-block and compares after each; whole-number data must match exactly.
  void check(const ConvShape& shape) {
    SCOPED_TRACE(testing::Message() << (shape.planar ? "planar" : "c16") << " rows " << shape.rows << " cols "
                                    << shape.cols << " out_blocks " << shape.out_blocks << " runs " << shape.n_runs
                                    << " k_blocks " << shape.k_blocks << " residual "
                                    << static_cast<int>(shape.residual) << " out_channels " << shape.out_channels);
    ConvCase conv(shape, table());
    for (int k = 0; k < shape.k_blocks; ++k) {
      const std::vector<Ref> want = conv.expected(k);
      conv.call(conv.block(k));
      ASSERT_TRUE(shape.integers ? all_exact(conv.results(), want) : all_close(conv.results(), want));
    }
    ASSERT_TRUE(conv.only_outputs_written());
    for (const float x : conv.padding_lanes()) ASSERT_EQ(x, 0);
  }

  // Every pixel count up to one more than a tile, and two tiles and one.
  std::vector<int> pixel_counts() const {
    std::vector<int> counts;
    for (int n = 1; n <= table().conv.pixels + 1; ++n) counts.push_back(n);
    counts.push_back(2 * table().conv.pixels + 1);
    return counts;
  }

  static constexpr Residual kResiduals[] = {Residual::none, Residual::separate, Residual::in_place};
};
FOVEA_EVERY_TABLE(Conv);

TEST_P(Conv, EveryTileEdge) {
  int i = 0;
  for (const int cols : pixel_counts()) {
    for (const int out_blocks : {1, 2, 3, 4, 5}) {
      for (const bool planar : {false, true}) {
        for (const bool integers : {false, true}) {
          ConvShape s;
          s.planar = planar;
          s.rows = 1 + i % 3;
          s.cols = cols;
          s.out_blocks = out_blocks;
          s.n_runs = planar ? 9 + i % 5 : 1 + i % 4;
          s.k_blocks = 1 + i % std::min(s.n_runs, 3);
          s.integers = integers;
          s.residual = kResiduals[(i / 2) % 3];
          s.clamp = kClamps[(i / 3) % 4];
          ++i;
          check(s);
        }
      }
    }
  }
}

TEST_P(Conv, EveryChannelCount) {
  for (int channels = 1; channels <= 67; ++channels) {
    ConvShape s;
    s.rows = 2;
    s.cols = 3;
    s.blocks_per_tap = (channels + 15) / 16;
    s.n_runs = 9 * s.blocks_per_tap;  // a 3x3 kernel
    s.last_lanes = channels - 16 * (s.blocks_per_tap - 1);
    s.k_blocks = 1 + channels % 3;
    s.out_channels = 68 - channels;
    s.out_blocks = (s.out_channels + 15) / 16;
    s.clamp = kClamps[channels % 3];
    s.integers = channels % 2 == 0;
    check(s);
    s.integers = !s.integers;
    check(s);
  }
}

// The other half of such a run has weights here too: they must not count.
TEST_P(Conv, EveryCountOfHalfRuns) {
  for (int half_runs = 0; half_runs <= 7; ++half_runs) {
    for (int k_blocks = 1; k_blocks <= 3; ++k_blocks) {
      ConvShape s;
      s.rows = 2;
      s.cols = table().conv.pixels + 1;
      s.out_blocks = 3;
      s.n_runs = 7;
      s.k_blocks = k_blocks;
      s.half_runs = half_runs;
      s.integers = (half_runs + k_blocks) % 2 == 0;
      check(s);
    }
  }
}

// Not even what is no number is read of it.
TEST_P(Conv, TheOtherHalfOfAHalfRunIsNotMultiplied) {
  ConvShape s;
  s.cols = 3;
  s.n_runs = 1;
  s.half_runs = 1;
  ConvCase conv(s, table());
  const ConvArgs block = conv.block(0);
  for (int col = 0; col < s.cols; ++col) {
    std::fill_n(const_cast<float*>(block.in) + block.runs[0] + col * 16 + 8, 8, kNaN);
  }
  for (const float x : conv.run()) ASSERT_FALSE(std::isnan(x));
}

TEST_P(Conv, EveryEpilogueInEveryKBlock) {
  for (const bool planar : {false, true}) {
    for (const Residual residual : kResiduals) {
      for (const Clamp& clamp : kClamps) {
        for (int k_blocks = 1; k_blocks <= 5; ++k_blocks) {
          ConvShape s;
          s.planar = planar;
          s.rows = 2;
          s.cols = 5;
          s.out_blocks = 3;
          s.n_runs = 7;
          s.k_blocks = k_blocks;
          s.residual = residual;
          s.clamp = clamp;
          check(s);
          s.integers = true;
          check(s);
        }
      }
    }
  }
}

TEST_P(Conv, LongSumStaysWithinTolerance) {
  ConvShape s;
  s.cols = 4;
  s.n_runs = 288;  // 512 channels of a 3x3 kernel
  s.k_blocks = 18;
  ConvCase conv(s, table());
  ConvShape one = s;
  one.k_blocks = 1;
  ConvCase whole(one, table());
  EXPECT_TRUE(all_close(conv.run(), whole.expected(0)));
}

TEST_P(Conv, WrongAnswerFails) {
  ConvShape s;
  s.cols = 4;
  s.n_runs = 8;
  s.clamp = kNoClamp;
  for (const bool planar : {false, true}) {
    s.planar = planar;
    ConvCase conv(s, table());
    const std::vector<Ref> want = conv.expected(0);
    EXPECT_TRUE(wrong_answer_fails(conv.run(), want));
  }
}

TEST_P(Conv, NanReachesItsPixelAndNoOther) {
  for (const bool planar : {false, true}) {
    ConvShape s;
    s.planar = planar;
    s.rows = 2;
    s.cols = table().conv.pixels + 1;
    s.out_blocks = 3;
    s.clamp = kRelu6;
    ConvCase conv(s, table());
    conv.poison_pixel(1, 2);
    conv.run();
    const std::vector<float> got = conv.results();
    for (std::size_t i = 0; i < got.size(); ++i) {
      const std::size_t pixel = i % static_cast<std::size_t>(s.rows * s.cols);
      EXPECT_EQ(std::isnan(got[i]), pixel == static_cast<std::size_t>(s.cols + 2))
          << (planar ? "planar " : "c16 ") << i;
    }
  }
}

TEST_P(Conv, ResultDoesNotDependOnTheCut) {
  for (const bool planar : {false, true}) {
    ConvShape s;
    s.planar = planar;
    s.rows = 3;
    s.cols = 2 * table().conv.pixels + 1;
    s.out_blocks = 5;
    s.n_runs = 6;
    s.k_blocks = 2;
    s.residual = Residual::separate;
    s.clamp = kRelu;
    ConvCase whole(s, table()), cut(s, table());
    const int panel_blocks = table().conv.channels / 16;
    for (int k = 0; k < s.k_blocks; ++k) {
      for (int row = 0; row < s.rows; ++row) {
        for (int col = 0; col < s.cols; ++col) {
          for (int block = 0; block < s.out_blocks; block += panel_blocks) {
            cut.call(cut.block(k, {row, 1, col, 1, block, std::min(panel_blocks, s.out_blocks - block)}));
          }
        }
      }
    }
    EXPECT_TRUE(same_bits(cut.results(), whole.run())) << (planar ? "planar" : "c16");
    // A half used panel computes the same as a full one.
    ConvCase half(s, table());
    for (int k = 0; k < s.k_blocks; ++k) {
      for (int block = 0; block < s.out_blocks; block += panel_blocks) {
        half.call(half.block(k, {0, s.rows, 0, s.cols, block, 1}));
      }
    }
    std::vector<float> got = half.results(), want = whole.results();
    got.resize(static_cast<std::size_t>(16 * s.rows * s.cols));
    want.resize(got.size());
    EXPECT_TRUE(same_bits(got, want));
  }
}

TEST_F(SameBits, Conv) {
  for (const bool planar : {false, true}) {
    for (int cols = 1; cols <= 29; ++cols) {
      ConvShape s;
      s.planar = planar;
      s.rows = 2;
      s.cols = cols;
      s.out_blocks = 1 + cols % 5;
      s.n_runs = 2 + cols;
      s.half_runs = planar ? 0 : cols % 4;
      s.k_blocks = 1 + cols % 3;
      s.residual = cols % 2 == 0 ? Residual::separate : Residual::none;
      s.clamp = cols % 4 == 0 ? kRelu : kNoClamp;
      SCOPED_TRACE(cols);
      expect_same([&](const KernelTable& table) { return ConvCase(s, table).run(); });
    }
  }
}

}  // namespace
}  // namespace fovea::test
