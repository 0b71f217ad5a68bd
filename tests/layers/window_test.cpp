// Geometry of sliding windows, and the attributes that describe it.
#include "layers/window.h"

#include <gtest/gtest.h>

#include <algorithm>

#include <fovea/error.h>
#include "tests/support/model_builder.h"

namespace fovea::test {
namespace {

struct Known {
  WindowAxis axis;
  bool same;
  std::int64_t n, out, before;
};

// What Keras gives: layers of ResNet50 and edges, worked out by hand.
TEST(Window, KnownSpans) {
  const Known known[] = {{{7, 2, 1}, true, 224, 112, 2},  // 5 pixels of padding, the odd one at the end
                         {{7, 2, 1}, false, 230, 112, 0}, {{3, 2, 1}, true, 112, 56, 0}, {{3, 2, 1}, false, 114, 56, 0},
                         {{3, 1, 1}, true, 56, 56, 1},    {{1, 2, 1}, true, 55, 28, 0},  {{1, 2, 1}, false, 55, 28, 0},
                         {{2, 2, 1}, true, 5, 3, 0},      {{2, 1, 1}, true, 5, 5, 0},    {{4, 1, 1}, true, 5, 5, 1},
                         {{3, 1, 2}, true, 9, 9, 2},      {{3, 1, 2}, false, 9, 5, 0},   {{3, 1, 2}, false, 4, 0, 0},
                         {{2, 5, 1}, true, 11, 3, 0},  // windows further apart than they are long: nothing to pad
                         {{3, 1, 1}, true, 1, 1, 1},      {{5, 5, 1}, false, 5, 1, 0},   {{6, 1, 1}, false, 5, 0, 0}};
  for (const Known& k : known) {
    SCOPED_TRACE(testing::Message() << "kernel " << k.axis.kernel << " stride " << k.axis.stride << " dilation "
                                    << k.axis.dilation << " input " << k.n << (k.same ? " same" : " valid"));
    const WindowSpan span = window_span(k.axis, k.same, k.n, 0, 0);
    EXPECT_EQ(span.out, k.out);
    if (span.out > 0) {
      EXPECT_EQ(span.before, k.before);
    }
  }
}

TEST(Window, ExplicitPaddingCountsAsInput) {
  const WindowSpan span = window_span({7, 2, 1}, false, 224, 3, 3);
  EXPECT_EQ(span.out, 112);
  EXPECT_EQ(span.before, 3);
  EXPECT_EQ(window_span({1, 1, 1}, false, 4, 2, 5).out, 11);
  EXPECT_EQ(window_span({3, 1, 1}, false, 1, 0, 1).out, 0);
}

// "Same" pads as little as possible, at most one pixel more at the end, and no window lies in padding alone.
TEST(Window, SameIsCentred) {
  for (std::int64_t kernel = 1; kernel <= 7; ++kernel) {
    for (std::int64_t stride = 1; stride <= 8; ++stride) {
      for (std::int64_t n = 1; n <= 20; ++n) {
        const WindowSpan span = window_span({kernel, stride, 1}, true, n, 0, 0);
        ASSERT_EQ(span.out, (n + stride - 1) / stride);
        const std::int64_t end = (span.out - 1) * stride + kernel - span.before;  // past the last window's last pixel
        const std::int64_t after = std::max<std::int64_t>(0, end - n);
        ASSERT_TRUE(span.before == 0 || after == span.before || after == span.before + 1)
            << kernel << " " << stride << " " << n;
        ASSERT_LT(span.before, kernel);
        ASSERT_LT((span.out - 1) * stride - span.before, n);
      }
    }
  }
}

LayerConfig window_config(AttributeMap attributes) { return {"Layer", "name", std::move(attributes), {}}; }

TEST(Window, ReadsAttributes) {
  const auto [y, x] =
      read_window(window_config({{"kernel_size", pair(3, 5)}, {"strides", value(2)}, {"dilation_rate", pair(1, 4)}}),
                  "kernel_size", false);
  EXPECT_EQ(y.kernel, 3);
  EXPECT_EQ(x.kernel, 5);
  EXPECT_EQ(y.stride, 2);
  EXPECT_EQ(x.stride, 2);
  EXPECT_EQ(y.dilation, 1);
  EXPECT_EQ(x.dilation, 4);
  EXPECT_EQ(x.extent(), 17);
  const auto [py, px] = read_window(window_config({{"pool_size", pair(3, 4)}, {"strides", null()}}), "pool_size", true);
  EXPECT_EQ(py.stride, 3);
  EXPECT_EQ(px.stride, 4);
  EXPECT_THROW(read_window(window_config({}), "kernel_size", false), Error);
  EXPECT_THROW(read_window(window_config({{"kernel_size", value(65537)}}), "kernel_size", false), Error);
}

TEST(Window, ReadsPadding) {
  EXPECT_FALSE(read_same_padding(window_config({})));
  EXPECT_FALSE(read_same_padding(window_config({{"padding", value("valid")}})));
  EXPECT_TRUE(read_same_padding(window_config({{"padding", value("same")}})));
  EXPECT_THROW(read_same_padding(window_config({{"padding", value("SAME")}})), UnsupportedError);
  EXPECT_THROW(read_same_padding(window_config({{"padding", value(1)}})), Error);
}

}  // namespace
}  // namespace fovea::test
