// The references themselves: run lists and strips against a convolution written as seven loops over [h][w][c], and
// hand-computed values.
#include <algorithm>
#include <cmath>
#include <vector>

#include "kernels/reference/conv.h"
#include "kernels/reference/elementwise.h"
#include "kernels/reference/pack.h"
#include "kernels/reference/pool.h"
#include "kernels/reference/softmax.h"
#include "tests/support/kernel_test.h"

namespace fovea::test {
namespace {

// A strided, padded convolution as Keras defines it.
struct Plain {
  int h, w, c, oc, kh, kw, stride, pad;
  std::vector<float> in, weights;  // [h][w][c], [kh][kw][c][oc]

  double at(int y, int x, int o) const {
    double sum = 0;
    for (int i = 0; i < kh; ++i) {
      for (int j = 0; j < kw; ++j) {
        for (int k = 0; k < c; ++k) {
          const int iy = y * stride + i - pad, ix = x * stride + j - pad;
          if (iy < 0 || iy >= h || ix < 0 || ix >= w) continue;
          sum += static_cast<double>(in[(iy * w + ix) * c + k]) * weights[((i * kw + j) * c + k) * oc + o];
        }
      }
    }
    return sum;
  }
};

Plain make_plain(int h, int w, int c, int kernel, int stride, int pad) {
  Plain plain{h, w, c, 16, kernel, kernel, stride, pad, {}, {}};
  plain.in.resize(h * w * c);
  plain.weights.resize(kernel * kernel * c * 16);
  Random random;
  random.fill(plain.in, true);
  random.fill(plain.weights, true);
  return plain;
}

// The same through the reference of pack_rows_f32_planar, run lists and conv_f32_planar, one output row at a time.
TEST(Reference, PlanarConvolutionIsAConvolution) {
  for (const int stride : {1, 2, 3}) {
    for (const int kernel : {1, 2, 3, 7}) {
      const Plain plain = make_plain(8, 9, 3, kernel, stride, 2);
      const int out_h = (8 + 4 - kernel) / stride + 1, out_w = (9 + 4 - kernel) / stride + 1;
      const int keep = std::min(kernel, stride);
      for (int y = 0; y < out_h; ++y) {
        const PackRowsArgs pack{
            plain.in.data(), 8,    9,      3, y * stride - 2, 1, -2, kernel, (out_w - 1) * stride + kernel,
            stride,          keep, nullptr};
        const int places = reference::places(pack);
        std::vector<float> strip;
        for (int c = 0; c < 3; ++c) {
          for (int row = 0; row < kernel; ++row) {
            for (int phase = 0; phase < keep; ++phase) {
              for (int place = 0; place < places; ++place) {
                strip.push_back(reference::pack_rows_f32_planar(pack, c, row, phase, place));
              }
            }
          }
        }
        std::vector<std::int32_t> runs;
        std::vector<float> weights;
        for (int c = 0; c < 3; ++c) {
          for (int i = 0; i < kernel; ++i) {
            for (int j = 0; j < kernel; ++j) {
              runs.push_back(((c * kernel + i) * keep + j % stride) * places + j / stride);
              for (int o = 0; o < 16; ++o) weights.push_back(plain.weights[((i * kernel + j) * 3 + c) * 16 + o]);
            }
          }
        }
        const std::vector<float> bias(16, 0.0f);
        ConvArgs block{};
        block.in = strip.data();
        block.runs = runs.data();
        block.n_runs = static_cast<int>(runs.size());
        block.weights = weights.data();
        block.first = block.last = true;
        block.bias = bias.data();
        block.clamp = kNoClamp;
        for (int x = 0; x < out_w; ++x) {
          for (int o = 0; o < 16; ++o) {
            ASSERT_EQ(reference::conv_f32_planar(block, 16, o, 0, x).value, plain.at(y, x, o))
                << "kernel " << kernel << " stride " << stride << " at " << y << "," << x;
          }
        }
      }
    }
  }
}

// One c16 block of input without padding: runs point straight into the feature map.
TEST(Reference, C16ConvolutionIsAConvolution) {
  const Plain plain = make_plain(6, 7, 16, 3, 1, 0);
  std::vector<std::int32_t> runs;
  for (int i = 0; i < 3; ++i) {
    for (int j = 0; j < 3; ++j) runs.push_back((i * 7 + j) * 16);
  }
  std::vector<float> out(16, 0.0f), bias(16, 5.0f), residual(4 * 5 * 16, -7.0f);
  ConvArgs block{};
  block.in = plain.in.data();
  block.runs = runs.data();
  block.n_runs = 9;
  block.in_row_stride = 7 * 16;
  block.weights = plain.weights.data();
  block.out_row_stride = 5 * 16;
  block.first = block.last = true;
  block.residual = residual.data();
  block.bias = bias.data();
  block.clamp = kRelu;
  for (int y = 0; y < 4; ++y) {
    for (int x = 0; x < 5; ++x) {
      for (int o = 0; o < 16; ++o) {
        const Ref got = reference::conv_f32_c16(block, 16, o, y, x);
        EXPECT_EQ(got.value, std::max(0.0, plain.at(y, x, o) - 7 + 5));
        EXPECT_EQ(got.terms, 9 * 16 + 2);
        EXPECT_GE(got.abs_sum, std::abs(plain.at(y, x, o)) + 12);
      }
    }
  }
}

TEST(Reference, PoolsByHand) {
  std::vector<float> in(3 * 3 * 16, -1.0f);
  for (int i = 0; i < 9; ++i) in[i * 16] = static_cast<float>(-i - 1);  // lane 0: -1 .. -9
  fovea::PoolArgs p{in.data(), 3, 3, nullptr, 2, 0, 2, 2, 2, 2, 2, 1, 1, false};
  EXPECT_EQ(reference::max_pool_f32_c16(p, 0, 0, 0), -1);
  EXPECT_EQ(reference::max_pool_f32_c16(p, 1, 1, 0), -5);
  EXPECT_EQ(reference::average_pool_f32_c16(p, 0, 1, 0).value, -2.5);
  EXPECT_EQ(reference::average_pool_f32_c16(p, 1, 1, 0).value, -7);
  p.zero_padding = true;
  EXPECT_EQ(reference::max_pool_f32_c16(p, 0, 0, 0), 0);
  EXPECT_EQ(reference::max_pool_f32_c16(p, 1, 1, 0), -5);
  EXPECT_EQ(reference::global_average_f32_c16(in.data(), 9, 0).value, -5);
  EXPECT_EQ(reference::global_max_f32_c16(in.data(), 9, 0), -1);
}

TEST(Reference, ClampAndSoftmaxByHand) {
  EXPECT_EQ(reference::clamp_f32(7, kRelu6), 6);
  EXPECT_EQ(reference::clamp_f32(-7, kRelu6), 0);
  EXPECT_EQ(reference::clamp_f32(-7, kNoClamp), -7);
  EXPECT_TRUE(std::isnan(reference::clamp_f32(kNaN, kRelu6)));
  const float in[16] = {0, std::log(3.0f)};
  const std::vector<Ref> p = reference::softmax_f32_c16({in, nullptr, 2, 1, 16}, 0);
  EXPECT_NEAR(p[0].value, 0.25, 1e-7);
  EXPECT_NEAR(p[1].value, 0.75, 1e-7);
}

}  // namespace
}  // namespace fovea::test
