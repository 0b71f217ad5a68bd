// LayerScale, alone and folded into a convolution.
#include "tests/support/layer_test.h"

namespace fovea::test {
namespace {

class LayerScale : public LayerTest {};
FOVEA_EVERY_TABLE(LayerScale);

TEST_P(LayerScale, FactorsOfChannels) {
  for (const Shape& shape : {Shape{21}, Shape{4, 5, 19}}) {
    ModelBuilder net(shape);
    const std::int64_t c = shape.c();
    net.relu();
    net.add("LayerScale", {{"init_values", value(1e-6)}, {"projection_dim", value(c)}},
            {net.random_weight("gamma", {c})});
    expect_matches(net);
  }
  ModelBuilder net({4, 5, 19});
  net.conv({.filters = 7});
  net.add("LayerScale", {{"projection_dim", value(7)}}, {net.random_weight("gamma", {7})});
  expect_matches(net);
}

TEST(LayerScaleConfig, Refuses) {
  const auto layer = "layer 'layer1' (LayerScale)";
  expect_layer_error<Error>({4, 4, 3}, "LayerScale", {{"projection_dim", value(4)}}, {weight("gamma", {3}, {1, 2, 3})},
                            {layer, "gamma"});
  expect_layer_error<Error>({4, 4, 3}, "LayerScale", {{"projection_dim", value(2)}}, {weight("gamma", {2}, {1, 2})},
                            {layer, "channels"});
}

}  // namespace
}  // namespace fovea::test
