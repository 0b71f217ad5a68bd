// What the tests of the global pooling layers share.
#pragma once

#include "tests/support/layer_test.h"

namespace fovea::test {

class GlobalPoolingTest : public LayerTest {
 protected:
  void check(const char* layer) {
    for (int c = 1; c <= 40; ++c) {
      for (const bool keepdims : {true, false}) {
        const Shape shape{1 + c % 5, 1 + c % 7, c};
        SCOPED_TRACE(testing::Message() << shape.str() << (keepdims ? " keepdims" : ""));
        ModelBuilder net(shape);
        net.add(layer, {{"keepdims", value(keepdims)}});
        EXPECT_EQ(net.shape(net.last()), keepdims ? (Shape{1, 1, c}) : Shape{c});
        expect_matches(net);
        // What follows sees a map or a vector.
        keepdims ? net.conv({.filters = 3}) : net.dense(3);
        expect_matches(net);
      }
    }
  }
};

inline void expect_global_pooling_refuses(const char* layer) {
  expect_layer_error<UnsupportedError>({4, 4, 3}, layer, {{"data_format", value("channels_first")}}, {},
                                       {layer, "layer1", "data_format"});
  expect_layer_error<UnsupportedError>({4, 4, 3}, layer, {{"axis", value(1)}}, {}, {layer, "layer1", "axis"});
  expect_layer_error<Error>({4, 4, 3}, layer, {{"keepdims", value(2)}}, {}, {layer, "layer1", "keepdims"});
  expect_layer_error<Error>({48}, layer, {}, {}, {layer, "layer1", "feature map"});
}

}  // namespace fovea::test
