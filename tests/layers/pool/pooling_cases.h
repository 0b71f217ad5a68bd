// What the tests of maximum and average pooling share.
#pragma once

#include "tests/support/layer_test.h"

namespace fovea::test {

class PoolingTest : public LayerTest {
 protected:
  void check(const char* layer, const Shape& input, const PoolOptions& o) {
    for (const bool integers : {true, false}) {
      SCOPED_TRACE(testing::Message() << input.str() << " window " << o.kh << "x" << o.kw << " strides " << o.stride_y
                                      << "x" << o.stride_x << (o.same ? " same" : " valid"));
      ModelBuilder net(input, integers);
      net.pool(layer, o);
      expect_matches(net);
    }
  }

  void check_random(const char* layer) {
    for (int i = 0; i < (full_sweep() ? 2000 : 150); ++i) {
      PoolOptions o{random().integer(1, 5), random().integer(1, 5), random().integer(1, 6), random().integer(1, 6),
                    i % 2 == 0};
      const std::int64_t h = o.same ? 1 : o.kh, w = o.same ? 1 : o.kw;
      check(layer, {h + random().integer(0, 8), w + random().integer(0, 8), random().integer(1, 40)}, o);
      if (HasFailure()) break;
    }
  }

  void check_padded(const char* layer) {
    for (const bool same : {true, false}) {
      for (const std::int64_t side : {0, 1, 2, 5}) {
        ModelBuilder net({7, 6, 19});
        net.zero_padding(side, 1, 0, side);
        net.pool(layer, {.kh = 3, .kw = 3, .stride_y = 2, .stride_x = 2, .same = same});
        SCOPED_TRACE(side);
        expect_matches(net);
      }
    }
  }
};

inline void expect_pooling_refuses(const char* layer) {
  const Shape input{4, 4, 3};
  expect_layer_error<UnsupportedError>(input, layer, {{"padding", value("full")}}, {},
                                       {layer, "layer1", "padding", "full"});
  expect_layer_error<UnsupportedError>(input, layer, {{"data_format", value("channels_first")}}, {},
                                       {layer, "data_format"});
  expect_layer_error<UnsupportedError>(input, layer, {{"dilation_rate", value(2)}}, {}, {layer, "dilation_rate"});
  expect_layer_error<UnsupportedError>(input, layer, {{"ceil_mode", value(true)}}, {}, {layer, "ceil_mode"});
  expect_layer_error<Error>(input, layer, {{"pool_size", pair(0, 2)}}, {}, {layer, "layer1"});
  expect_layer_error<Error>(input, layer, {{"pool_size", value("2x2")}}, {}, {layer, "pool_size"});
  expect_layer_error<Error>(input, layer, {{"strides", pair(1, -1)}}, {}, {layer, "stride"});
  expect_layer_error<Error>(input, layer, {{"pool_size", value(5)}}, {}, {layer, "larger than its input 4x4x3"});
  expect_layer_error<Error>({48}, layer, {}, {}, {layer, "feature map"});
  expect_layer_error<Error>(input, layer, {}, {weight("kernel", {1}, {0})}, {layer, "'kernel' is not expected"});
}

}  // namespace fovea::test
