// Winograd's transforms against matrix products in double, at every edge of the image, and the matrices themselves.
#include "kernels/winograd.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "kernels/reference/winograd.h"
#include "tests/support/kernel_test.h"

namespace fovea::test {
namespace {

using reference::Matrix;
using reference::WinogradMatrices;

constexpr int kTiles[] = {4, 2};

int ceil_div(int a, int b) { return (a + b - 1) / b; }

// A 3x3 convolution of an h x w map with this padding before and after.
struct Map {
  int h, w, pad_top, pad_left, pad_bottom, pad_right;
  int out_h() const { return h + pad_top + pad_bottom - 2; }
  int out_w() const { return w + pad_left + pad_right - 2; }
  int tiles_x(int tile) const { return ceil_div(out_w(), tile); }
  int tiles(int tile) const { return ceil_div(out_h(), tile) * tiles_x(tile); }
};

std::ostream& operator<<(std::ostream& out, const Map& m) {
  return out << m.h << "x" << m.w << " padding " << m.pad_top << " " << m.pad_bottom << " " << m.pad_left << " "
             << m.pad_right;
}

// Every size up to 13 with paddings that go through 0 .. 3 on each side independently.
std::vector<Map> maps() {
  std::vector<Map> all;
  int i = 0;
  for (int h = 1; h <= 13; ++h) {
    for (int w = 1; w <= 13; ++w) {
      const Map map{h, w, i % 4, i / 4 % 4, i / 2 % 4, i / 8 % 4};
      i += 5;
      if (map.out_h() > 0 && map.out_w() > 0) all.push_back(map);
    }
  }
  return all;
}

// One call of the input transform with its buffers; odd strides, so that nothing is aligned by chance.
class Input {
 public:
  Input(const Map& map, int tile, int begin, int end, bool integers)
      : tile_(tile),
        matrices_(reference::winograd_matrices(tile)),
        in_(map.h * map.w * 16, 4),
        out_((span() * span() - 1) * stride(end - begin) + (end - begin) * 16, 8) {
    Random random;
    random.fill(in_.values(), integers);
    args_ = {.in = in_.data(),
             .h = map.h,
             .w = map.w,
             .pad_top = map.pad_top,
             .pad_left = map.pad_left,
             .tiles_x = map.tiles_x(tile),
             .tile_begin = begin,
             .tile_end = end,
             .out = out_.data(),
             .position_stride = stride(end - begin)};
  }

  void call(const KernelTable& table) const {
    (tile_ == 4 ? table.winograd.input4_f32_c16 : table.winograd.input2_f32_c16)(args_);
  }
  std::vector<Ref> expected() const {
    std::vector<Ref> refs;
    for (int t = args_.tile_begin; t < args_.tile_end; ++t) {
      for (int lane = 0; lane < 16; ++lane) {
        std::ranges::copy(reference::winograd_input_f32_c16(args_, matrices_, t, lane), std::back_inserter(refs));
      }
    }
    return refs;
  }
  // In the order of expected().
  std::vector<float> results() const {
    std::vector<float> values;
    for (int t = 0; t < args_.tile_end - args_.tile_begin; ++t) {
      for (int lane = 0; lane < 16; ++lane) {
        for (int p = 0; p < span() * span(); ++p) values.push_back(out_[p * args_.position_stride + t * 16 + lane]);
      }
    }
    return values;
  }
  bool only_outputs_written() const {
    return out_.touched() == (args_.tile_end - args_.tile_begin) * 16 * span() * span() && out_.guards_whole() &&
           in_.guards_whole();
  }
  Buffer& in() { return in_; }
  int span() const { return tile_ + 2; }

 private:
  static std::int64_t stride(int tiles) { return tiles * 16 + 5; }

  int tile_;
  WinogradMatrices matrices_;
  Buffer in_, out_;
  WinogradInputArgs args_{};
};

enum class Residual { none, separate, in_place };

// The same for the output transform.
class Output {
 public:
  Output(const Map& map, int tile, int begin, int end, bool integers, Residual residual = Residual::none,
         Clamp clamp = kNoClamp)
      : tile_(tile),
        matrices_(reference::winograd_matrices(tile)),
        in_((tile + 2) * (tile + 2) * stride(end - begin), 4),
        out_(map.out_h() * map.out_w() * 16, 8),
        residual_(map.out_h() * map.out_w() * 16, 12),
        bias_(16, 3) {
    Random random;
    random.fill(in_.values(), integers);
    random.fill(bias_.values(), integers);
    random.fill(residual == Residual::in_place ? out_.values() : residual_.values(), integers);
    args_ = {.in = in_.data(),
             .position_stride = stride(end - begin),
             .h = map.out_h(),
             .w = map.out_w(),
             .tiles_x = map.tiles_x(tile),
             .tile_begin = begin,
             .tile_end = end,
             .out = out_.data(),
             .residual = residual == Residual::none       ? nullptr
                         : residual == Residual::in_place ? out_.data()
                                                          : residual_.data(),
             .bias = bias_.data(),
             .clamp = clamp};
  }

  void call(const KernelTable& table) const {
    (tile_ == 4 ? table.winograd.output4_f32_c16 : table.winograd.output2_f32_c16)(args_);
  }
  // Pixels of the tiles that lie inside the output, in the order of places().
  std::vector<Ref> expected() const {
    std::vector<Ref> refs;
    for (int t = args_.tile_begin; t < args_.tile_end; ++t) {
      for (int lane = 0; lane < 16; ++lane) {
        const std::vector<Ref> pixels = reference::winograd_output_f32_c16(args_, matrices_, t, lane);
        for (int i = 0; i < tile_ * tile_; ++i) {
          if (place(t, lane, i) >= 0) refs.push_back(pixels[static_cast<std::size_t>(i)]);
        }
      }
    }
    return refs;
  }
  std::vector<std::int64_t> places() const {
    std::vector<std::int64_t> all;
    for (int t = args_.tile_begin; t < args_.tile_end; ++t) {
      for (int lane = 0; lane < 16; ++lane) {
        for (int i = 0; i < tile_ * tile_; ++i) {
          if (place(t, lane, i) >= 0) all.push_back(place(t, lane, i));
        }
      }
    }
    return all;
  }
  std::vector<float> results() const {
    std::vector<float> values;
    for (const std::int64_t at : places()) values.push_back(out_[at]);
    return values;
  }
  // For a call without residual in place.
  bool only_outputs_written() const {
    return out_.touched() == static_cast<std::int64_t>(places().size()) && out_.guards_whole();
  }
  bool guards_whole() const { return out_.guards_whole() && in_.guards_whole() && residual_.guards_whole(); }
  Buffer& in() { return in_; }

 private:
  static std::int64_t stride(int tiles) { return tiles * 16 + 5; }
  // Where pixel i of tile t lies, or -1.
  std::int64_t place(int t, int lane, int i) const {
    const int y = t / args_.tiles_x * tile_ + i / tile_, x = t % args_.tiles_x * tile_ + i % tile_;
    return y < args_.h && x < args_.w ? (y * args_.w + x) * 16 + lane : -1;
  }

  int tile_;
  WinogradMatrices matrices_;
  Buffer in_, out_, residual_, bias_;
  WinogradOutputArgs args_{};
};

// --- The matrices -----------------------------------------------------------------------------------------------

// The matrix that the weights are packed with, column by column.
template <class F>
Matrix packing() {
  Matrix g(F::kSpan, std::vector<double>(3));
  for (int column = 0; column < 3; ++column) {
    double u[F::kSpan];
    F::weights(column == 0, column == 1, column == 2, u);
    for (int row = 0; row < F::kSpan; ++row) g[row][column] = u[row];
  }
  return g;
}

Matrix random_matrix(Random& random, int size) {
  Matrix m(size, std::vector<double>(size));
  for (auto& row : m) {
    for (double& x : row) x = random.real();
  }
  return m;
}

// What the weights are packed with, between the reference's other two matrices, gives a convolution.
TEST(WinogradMatrices, AreAConvolution) {
  Random random;
  for (const int tile : kTiles) {
    const WinogradMatrices m = reference::winograd_matrices(tile);
    const Matrix kernels_g = tile == 4 ? packing<Winograd4>() : packing<Winograd2>();
    ASSERT_EQ(kernels_g.size(), m.g.size());
    for (int run = 0; run < 100; ++run) {
      const Matrix g = random_matrix(random, 3), d = random_matrix(random, m.span);
      const Matrix u = reference::sandwich(kernels_g, g), v = reference::sandwich(m.bt, d);
      Matrix products = v;
      for (int y = 0; y < m.span; ++y) {
        for (int x = 0; x < m.span; ++x) products[y][x] *= u[y][x];
      }
      const Matrix got = reference::sandwich(m.at, products);
      for (int y = 0; y < tile; ++y) {
        for (int x = 0; x < tile; ++x) {
          double want = 0;
          for (int i = 0; i < 9; ++i) want += g[i / 3][i % 3] * d[y + i / 3][x + i % 3];
          ASSERT_NEAR(got[y][x], want, 1e-13) << "tile " << tile << " at " << y << " " << x;
        }
      }
    }
  }
}

TEST(WinogradMatrices, OfTileTwoByHand) {
  const WinogradMatrices m = reference::winograd_matrices(2);
  EXPECT_EQ(m.bt, (Matrix{{1, 0, -1, 0}, {0, 1, 1, 0}, {0, -1, 1, 0}, {0, -1, 0, 1}}));
  EXPECT_EQ(m.g, (Matrix{{1, 0, 0}, {0.5, 0.5, 0.5}, {0.5, -0.5, 0.5}, {0, 0, 1}}));
  EXPECT_EQ(m.at, (Matrix{{1, 1, 1, 0}, {0, 1, -1, 1}}));
}

// --- The kernels ------------------------------------------------------------------------------------------------

class WinogradKernels : public KernelTest {
 protected:
  void check(const Input& input, bool exact) {
    input.call(table());
    ASSERT_TRUE(exact ? all_exact(input.results(), input.expected()) : all_close(input.results(), input.expected()));
    ASSERT_TRUE(input.only_outputs_written());
  }
};
FOVEA_EVERY_TABLE(WinogradKernels);

TEST_P(WinogradKernels, InputMatchesReferenceOnEveryMap) {
  for (const int tile : kTiles) {
    for (const Map& map : maps()) {
      SCOPED_TRACE(testing::Message() << "tile " << tile << " map " << map);
      const bool integers = (map.h + map.w) % 2 == 0;
      // Tile 2 has whole numbers throughout; tile 4 has fractions.
      const Input input(map, tile, 0, map.tiles(tile), integers);
      if (map.h < 3 || map.w < 3 || map.pad_top + map.pad_left > 3) {  // mostly padding: all_close would mistrust it
        input.call(table());
        const std::vector<Ref> want = input.expected();
        const std::vector<float> got = input.results();
        for (std::size_t i = 0; i < want.size(); ++i) ASSERT_TRUE(close(got[i], want[i])) << i;
        ASSERT_TRUE(input.only_outputs_written());
      } else {
        check(input, integers && tile == 2);
      }
      if (HasFatalFailure()) return;
    }
  }
}

TEST_P(WinogradKernels, InputOfSomeTiles) {
  const Map map{9, 14, 1, 1, 1, 1};
  for (const int tile : kTiles) {
    for (int begin = 0; begin < map.tiles(tile); ++begin) {
      for (int end = begin; end <= map.tiles(tile); end += 1 + begin % 3) {
        SCOPED_TRACE(testing::Message() << "tile " << tile << ", " << begin << " to " << end);
        const Input input(map, tile, begin, end, false);
        if (begin == end) {
          input.call(table());
          ASSERT_TRUE(input.only_outputs_written());
        } else {
          check(input, false);
        }
        if (HasFatalFailure()) return;
      }
    }
  }
}

TEST_P(WinogradKernels, OutputMatchesReferenceOnEveryMap) {
  int i = 0;
  for (const int tile : kTiles) {
    for (const Map& map : maps()) {
      for (const Residual residual : {Residual::none, Residual::separate, Residual::in_place}) {
        SCOPED_TRACE(testing::Message() << "tile " << tile << " map " << map << " residual "
                                        << static_cast<int>(residual));
        const bool integers = ++i % 2 == 0;
        const Output output(map, tile, 0, map.tiles(tile), integers, residual, kClamps[i / 2 % 4]);
        const std::vector<Ref> want = output.expected();
        output.call(table());
        const std::vector<float> got = output.results();
        for (std::size_t k = 0; k < want.size(); ++k) {
          ASSERT_TRUE(close(got[k], want[k])) << k << ": " << got[k] << ", expected " << want[k].value;
          if (integers && tile == 2) {
            ASSERT_EQ(got[k], want[k].value) << k;
          }
        }
        ASSERT_TRUE(output.guards_whole());
        ASSERT_TRUE(residual == Residual::in_place || output.only_outputs_written());
      }
    }
  }
}

TEST_P(WinogradKernels, OutputOfSomeTiles) {
  const Map map{9, 14, 1, 1, 1, 1};
  for (const int tile : kTiles) {
    for (int begin = 0; begin < map.tiles(tile); ++begin) {
      for (int end = begin + 1; end <= map.tiles(tile); end += 1 + begin % 3) {
        SCOPED_TRACE(testing::Message() << "tile " << tile << ", " << begin << " to " << end);
        const Output output(map, tile, begin, end, false);
        const std::vector<Ref> want = output.expected();
        output.call(table());
        ASSERT_TRUE(all_close(output.results(), want));
        ASSERT_TRUE(output.only_outputs_written());
      }
    }
  }
}

TEST_P(WinogradKernels, WrongAnswerFails) {
  const Map map{6, 6, 1, 1, 1, 1};
  for (const int tile : kTiles) {
    const Input input(map, tile, 0, map.tiles(tile), false);
    input.call(table());
    EXPECT_TRUE(wrong_answer_fails(input.results(), input.expected()));
    const Output output(map, tile, 0, map.tiles(tile), false);
    output.call(table());
    EXPECT_TRUE(wrong_answer_fails(output.results(), output.expected()));
  }
}

// A pixel that is not a number spoils the tiles that read it and no other; so does a position of a tile.
TEST_P(WinogradKernels, NanStaysInItsTile) {
  const Map map{14, 14, 1, 1, 1, 1};
  for (const int tile : kTiles) {
    Input input(map, tile, 0, map.tiles(tile), false);
    const int y = 6, x = 3, lane = 5;
    input.in()[(y * map.w + x) * 16 + lane] = kNaN;
    input.call(table());
    const std::vector<float> got = input.results();
    const auto reads = [&](int t) {
      const int top = t / map.tiles_x(tile) * tile - 1, left = t % map.tiles_x(tile) * tile - 1;
      return y >= top && y < top + input.span() && x >= left && x < left + input.span();
    };
    const int positions = input.span() * input.span();
    std::vector<bool> spoilt(static_cast<std::size_t>(map.tiles(tile)));
    for (std::size_t i = 0; i < got.size(); ++i) {
      const int t = static_cast<int>(i) / positions / 16;
      if (!std::isnan(got[i])) continue;
      ASSERT_TRUE(reads(t) && static_cast<int>(i) / positions % 16 == lane) << "tile " << tile << " " << t;
      spoilt[static_cast<std::size_t>(t)] = true;
    }
    for (int t = 0; t < map.tiles(tile); ++t) EXPECT_EQ(spoilt[static_cast<std::size_t>(t)], reads(t)) << t;

    Output output(map, tile, 0, map.tiles(tile), false, Residual::none, kRelu6);
    output.in()[3 * 16 + lane] = kNaN;  // position 0 of tile 3
    output.call(table());
    const std::vector<float> pixels = output.results();
    const std::vector<std::int64_t> places = output.places();
    int nans = 0;
    for (std::size_t i = 0; i < pixels.size(); ++i) {
      if (!std::isnan(pixels[i])) continue;
      const std::int64_t pixel = places[i] / 16, row = pixel / map.out_w(), col = pixel % map.out_w();
      ASSERT_EQ(row / tile * map.tiles_x(tile) + col / tile, 3);
      ASSERT_EQ(places[i] % 16, lane);
      ++nans;
    }
    EXPECT_EQ(nans, 1) << "position 0 reaches the first pixel of its tile alone";
  }
}

TEST_F(SameBits, Winograd) {
  for (const int tile : kTiles) {
    for (const Map& map : maps()) {
      SCOPED_TRACE(testing::Message() << "tile " << tile << " map " << map);
      expect_same([&](const KernelTable& table) {
        const Input input(map, tile, 0, map.tiles(tile), false);
        input.call(table);
        return input.results();
      });
      expect_same([&](const KernelTable& table) {
        const Output output(map, tile, 0, map.tiles(tile), false, map.h % 2 == 0 ? Residual::separate : Residual::none,
                            kClamps[map.w % 4]);
        output.call(table);
        return output.results();
      });
    }
  }
}

}  // namespace
}  // namespace fovea::test
