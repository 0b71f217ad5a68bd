// Convolution by Winograd's algorithms: against sums in double, and the same bits however the work is cut.
#include <algorithm>
#include <cmath>

#include "tests/layers/winograd_case.h"
#include "tests/support/layer_test.h"

namespace fovea::test {
namespace {

constexpr Clamp kClamps[] = {kNoClamp, kRelu, kRelu6, {-0.5f, 0.25f}};

class WinogradConv : public LayerTest {
 protected:
  // One shape with every number of threads and batch: within the bound, and all the same bits.
  void check(const WinogradShape& shape) {
    SCOPED_TRACE(testing::Message() << shape);
    const WinogradCase conv(shape);
    std::vector<std::vector<float>> alone;
    for (int image = 0; image < 3; ++image) {
      alone.push_back(conv.run(table(), 1, {image})[0]);
      const std::vector<Ref> want = conv.expected(image);
      for (std::size_t i = 0; i < want.size(); ++i) {
        ASSERT_TRUE(close(alone.back()[i], want[i])) << "image " << image << " at " << i << ": " << alone.back()[i]
                                                     << ", expected " << want[i].value << " +- " << tolerance(want[i]);
      }
      // F(2x2,3x3) has halves and quarters: sums of small whole numbers are exact.
      if (shape.integers && shape.tile == 2) {
        ASSERT_TRUE(all_exact(alone.back(), want)) << "image " << image;
      }
    }
    for (const int threads : {1, 2, 3, 7}) {
      for (const std::vector<int>& order : {std::vector{1}, {2, 0}, {1, 2, 0}}) {
        const auto got = conv.run(table(), threads, order);
        ++(conv.divided_channels() ? by_channels_ : by_tiles_);
        for (std::size_t i = 0; i < order.size(); ++i) {
          ASSERT_TRUE(same_bits(got[i], alone[static_cast<std::size_t>(order[i])]))
              << threads << " threads, image " << i << " of " << order.size();
        }
      }
    }
  }

  int by_channels_ = 0, by_tiles_ = 0;
};
FOVEA_EVERY_TABLE(WinogradConv);

// Channels 1 .. 67 and odd heights 1 .. 13, with random odd widths and paddings 0 .. 3 on each side: a sample, or all.
std::vector<WinogradShape> grid() {
  std::vector<WinogradShape> shapes;
  Random random;
  for (const int tile : {2, 4}) {
    for (int channels = 1; channels <= 67; ++channels) {
      for (int h = 1; h <= 13; h += 2) {
        WinogradShape s{.tile = tile, .h = h, .channels = channels, .filters = 68 - channels};
        s.w = 2 * random.integer(0, 6) + 1;
        s.top = random.integer(0, 3);
        s.left = random.integer(0, 3);
        s.bottom = random.integer(0, 3);
        s.right = random.integer(0, 3);
        s.integers = random.integer(0, 1) == 0;
        s.residual = static_cast<Residual>(random.integer(0, 2));
        s.clamp = kClamps[random.integer(0, 3)];
        const bool sampled = random.integer(0, 13) == 0;
        if (s.out_h() > 0 && s.out_w() > 0 && (full_sweep() || sampled)) shapes.push_back(s);
      }
    }
  }
  return shapes;
}

TEST_P(WinogradConv, Grid) {
  for (const WinogradShape& shape : grid()) {
    check(shape);
    if (HasFailure()) return;
  }
}

// Every remainder of channels and filters on a map of a few tiles.
TEST_P(WinogradConv, EveryChannelCount) {
  for (int channels = 1; channels <= 67; channels += full_sweep() ? 1 : 4) {
    WinogradShape s{.tile = channels % 2 == 0 ? 2 : 4, .h = 5, .w = 4, .channels = channels, .filters = 68 - channels};
    s.integers = channels % 3 == 0;
    check(s);
  }
}

// Maps of so many tiles that they are cut into groups, with and without enough of them for all threads; and a sum long
// enough for two chains.
TEST_P(WinogradConv, BothWaysOfSharing) {
  for (const int tile : {2, 4}) {
    const std::int64_t m = tile;
    check({.tile = tile, .h = 6 * m, .w = 5 * m, .channels = 5, .filters = 33});       // 30 tiles an image
    check({.tile = tile, .h = 9 * m, .w = 7 * m - 1, .channels = 17, .filters = 3});   // 63
    check({.tile = tile, .h = 3 * m, .w = 23 * m + 1, .channels = 3, .filters = 16});  // 72
    check({.tile = tile, .h = 2 * m, .w = 3 * m, .channels = 290, .filters = 5});      // two chains
    check({.tile = tile, .h = 1, .w = 1, .channels = 16, .filters = 70});              // one tile
    check({.tile = tile, .h = 5, .w = 5, .channels = 512, .filters = 2, .integers = true});
  }
  EXPECT_GT(by_channels_, 0);
  EXPECT_GT(by_tiles_, 0);
}

TEST_P(WinogradConv, ResidualsAndClamps) {
  for (const int tile : {2, 4}) {
    for (const Residual residual : {Residual::none, Residual::separate, Residual::in_place}) {
      for (const Clamp& clamp : kClamps) {
        for (const bool integers : {true, false}) {
          WinogradShape s{.tile = tile, .h = 9, .w = 6, .channels = 18, .filters = 35, .integers = integers};
          s.residual = residual;
          s.clamp = clamp;
          check(s);
          if (HasFailure()) return;
        }
      }
    }
  }
}

// An image of NaN spoils itself and leaves its neighbours' bits alone, though they share groups of tiles.
TEST_P(WinogradConv, ImagesDoNotMix) {
  for (const int tile : {2, 4}) {
    WinogradCase conv({.tile = tile, .h = 7, .w = 9, .channels = 20, .filters = 20});
    const auto want = conv.run(table(), 1, {0, 1, 2});
    conv.poison(1);
    for (const int threads : {1, 3, 16}) {
      const auto got = conv.run(table(), threads, {0, 1, 2});
      EXPECT_TRUE(same_bits(got[0], want[0]));
      EXPECT_TRUE(same_bits(got[2], want[2]));
      EXPECT_TRUE(std::ranges::all_of(got[1], [](float x) { return std::isnan(x); }));
    }
  }
}

TEST_P(WinogradConv, WrongAnswerFails) {
  for (const int tile : {2, 4}) {
    const WinogradCase conv({.tile = tile, .h = 7, .w = 9, .channels = 20, .filters = 20});
    EXPECT_TRUE(wrong_answer_fails(conv.run(table(), 1, {0})[0], conv.expected(0)));
  }
}

// The bound is for the worst case. What is lost on random values, as a multiple of what the direct sum of products
// loses, is far less.
TEST_P(WinogradConv, LosesLittleOnRandomValues) {
  const auto error = [&](int tile, bool winograd) {
    const WinogradCase conv({.tile = tile, .h = 12, .w = 12, .channels = 256, .filters = 8});
    const std::vector<Ref> want = conv.expected(0);
    const std::vector<float> got = winograd ? conv.run(table(), 1, {0})[0] : conv.run_direct(table(), 0);
    double sum = 0;
    for (std::size_t i = 0; i < want.size(); ++i) sum += std::pow(got[i] - want[i].value, 2);
    return std::sqrt(sum / static_cast<double>(want.size()));
  };
  const double direct = error(4, false);
  RecordProperty("winograd2", std::to_string(error(2, true) / direct));
  RecordProperty("winograd4", std::to_string(error(4, true) / direct));
  EXPECT_LE(error(2, true), 3 * direct);
  EXPECT_LE(error(4, true), 8 * direct);
}

// Through Conv2D, which chooses: all that may stand around it.
TEST_P(WinogradConv, InANetwork) {
  for (const bool integers : {true, false}) {
    for (const std::int64_t size : {7, 16}) {
      ModelBuilder net({size, size, 32}, integers);
      net.zero_padding(1, 1, 1, 1);
      net.conv({.filters = 40, .kh = 3, .kw = 3, .bias = false});
      net.batch_norm();
      const std::string x = net.relu();
      net.batch_norm(net.conv({.filters = 40, .kh = 3, .kw = 3, .same = true}));
      net.add("Add", {}, {}, {x, net.last()});
      net.relu();
      SCOPED_TRACE(size);
      const auto model = Model::create(net.desc(), {.isa = isa_name(table().isa)});
      EXPECT_TRUE(uses(*model, size == 7 ? "winograd2" : "winograd4"));
      expect_matches(net);
    }
  }
}

class WinogradBits : public SameBits {};

TEST_F(WinogradBits, Avx2AndAvx512Agree) {
  for (const WinogradShape& shape : grid()) {
    SCOPED_TRACE(testing::Message() << shape);
    const WinogradCase conv(shape);
    const auto avx2 = conv.run(*find_table("avx2"), 2, {0, 1}), avx512 = conv.run(*find_table("avx512"), 1, {0, 1});
    for (std::size_t i = 0; i < 2; ++i) ASSERT_TRUE(same_bits(avx2[i], avx512[i])) << "image " << i;
  }
}

}  // namespace
}  // namespace fovea::test
