// Depthwise convolution of one block against the reference, over sizes around the tile and windows over every edge.
#include "kernels/reference/depthwise.h"

#include <vector>

#include "tests/support/kernel_test.h"

namespace fovea::test {
namespace {

struct Case {
  int h, w, kh, kw, stride, dilation, pad_top, pad_left, out_h, out_w;
};
constexpr Case kCases[] = {
    {5, 5, 1, 1, 1, 1, 0, 0, 5, 5},     {7, 9, 3, 3, 1, 1, 1, 1, 7, 9},   {8, 31, 3, 3, 1, 1, 0, 0, 6, 29},
    {9, 17, 5, 5, 1, 1, 2, 2, 9, 17},   {9, 20, 3, 3, 2, 1, 1, 1, 5, 10}, {2, 2, 7, 7, 1, 1, 3, 3, 2, 2},
    {12, 40, 3, 2, 1, 3, 3, 1, 12, 40}, {6, 35, 2, 4, 3, 1, 0, 2, 2, 12},
};

class DepthwiseKernel : public KernelTest {};
FOVEA_EVERY_TABLE(DepthwiseKernel);

std::vector<float> run(const KernelTable& table, const Case& c, Clamp clamp, Random& random, std::vector<Ref>* want) {
  Buffer in(c.h * c.w * 16), weights(c.kh * c.kw * 16), bias(16), out(c.out_h * c.out_w * 16);
  random.fill(in.values());
  random.fill(weights.values());
  random.fill(bias.values());
  DepthwiseArgs d{.in = in.data(),
                  .h = c.h,
                  .w = c.w,
                  .weights = weights.data(),
                  .bias = bias.data(),
                  .out = out.data(),
                  .out_w = c.out_w,
                  .y_begin = 0,
                  .y_end = 1,
                  .kh = c.kh,
                  .kw = c.kw,
                  .stride_h = c.stride,
                  .stride_w = c.stride,
                  .dilation_h = c.dilation,
                  .dilation_w = c.dilation,
                  .pad_top = c.pad_top,
                  .pad_left = c.pad_left,
                  .clamp = clamp};
  table.depthwise.f32_c16(d);  // in two pieces
  d.y_begin = 1;
  d.y_end = c.out_h;
  table.depthwise.f32_c16(d);
  EXPECT_TRUE(out.guards_whole());
  for (int i = 0; want != nullptr && i < c.out_h * c.out_w * 16; ++i) {
    want->push_back(reference::depthwise_f32_c16(d, i / 16 / c.out_w, i / 16 % c.out_w, i % 16));
  }
  return {out.values().begin(), out.values().end()};
}

TEST_P(DepthwiseKernel, MatchesReference) {
  for (const Case& c : kCases) {
    for (const Clamp& clamp : {kNoClamp, kRelu6}) {
      SCOPED_TRACE(testing::Message() << c.h << "x" << c.w << " by " << c.kh << "x" << c.kw);
      std::vector<Ref> want;
      const std::vector<float> got = run(table(), c, clamp, random(), &want);
      ASSERT_TRUE(all_close(got, want));
    }
  }
}

// Every remainder of a row beside every edge, strides beyond the kernel and windows that never lie inside.
TEST_P(DepthwiseKernel, EveryWidth) {
  for (int w = 1; w <= 19; ++w) {
    for (const int kw : {1, 2, 3, 5}) {
      for (const int stride : {1, 2, 3, 7}) {
        for (const int pad : {0, kw / 2, kw - 1}) {
          const int out_w = (w + 2 * pad - kw) / stride + 1;
          if (w + 2 * pad < kw) continue;
          SCOPED_TRACE(testing::Message() << w << " by " << kw << " stride " << stride << " padding " << pad);
          std::vector<Ref> want;
          const Case c{1, w, 1, kw, stride, 1, 0, pad, 1, out_w};
          const std::vector<float> got = run(table(), c, kNoClamp, random(), &want);
          ASSERT_TRUE(all_close(got, want));
        }
      }
    }
  }
}

TEST_P(DepthwiseKernel, WrongAnswerFails) {
  std::vector<Ref> want;
  const std::vector<float> got = run(table(), kCases[1], kNoClamp, random(), &want);
  EXPECT_TRUE(wrong_answer_fails(got, want));
}

TEST_F(SameBits, Depthwise) {
  for (const Case& c : kCases) {
    expect_same([&](const KernelTable& table) {
      Random random;
      return run(table, c, kRelu, random, nullptr);
    });
  }
}

}  // namespace
}  // namespace fovea::test
