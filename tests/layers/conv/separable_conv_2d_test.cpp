// SeparableConv2D: both halves, and what folds into each.
#include "tests/support/layer_test.h"

namespace fovea::test {
namespace {

class SeparableConv2D : public LayerTest {
 protected:
  static void add(ModelBuilder& net, std::int64_t filters, std::int64_t multiplier, std::int64_t stride, bool bias,
                  const char* activation) {
    const std::int64_t channels = net.shape(net.last()).c();
    std::vector<Weight> weights = {net.random_weight("depthwise_kernel", {3, 2, channels, multiplier}),
                                   net.random_weight("pointwise_kernel", {1, 1, channels * multiplier, filters})};
    if (bias) weights.push_back(net.random_weight("bias", {filters}));
    net.add("SeparableConv2D",
            {{"filters", value(filters)},
             {"kernel_size", pair(3, 2)},
             {"strides", pair(stride, stride)},
             {"depth_multiplier", value(multiplier)},
             {"padding", value("same")},
             {"use_bias", value(bias)},
             {"activation", value(activation)}},
            std::move(weights));
  }
};
FOVEA_EVERY_TABLE(SeparableConv2D);

TEST_P(SeparableConv2D, Shapes) {
  for (const std::int64_t channels : {3, 16, 21}) {
    for (const std::int64_t filters : {5, 32}) {
      for (const std::int64_t multiplier : {1, 2}) {
        SCOPED_TRACE(testing::Message() << channels << " to " << filters << ", multiplier " << multiplier);
        ModelBuilder net({7, 9, channels}, true);
        add(net, filters, multiplier, filters == 5 ? 2 : 1, filters == 5, "relu");
        expect_matches(net);
      }
    }
  }
}

TEST_P(SeparableConv2D, WithWhatFollows) {
  for (const char* activation : {"linear", "sigmoid"}) {
    ModelBuilder net({7, 9, 18});
    add(net, 20, 1, 1, false, activation);
    net.batch_norm();
    net.relu();
    expect_matches(net);
  }
}

TEST(SeparableConv2DConfig, Refuses) {
  const std::vector<Weight> weights = {weight("depthwise_kernel", {1, 1, 2, 1}, {1, 2}),
                                       weight("pointwise_kernel", {1, 1, 2, 1}, {1, 2})};
  const AttributeMap good = {{"filters", value(1)}, {"kernel_size", value(1)}, {"use_bias", value(false)}};
  const auto layer = "layer 'layer1";
  const auto with = [&](const char* key, const Attribute& v) {
    AttributeMap map = good;
    map.insert_or_assign(key, v);
    return map;
  };
  expect_layer_error<Error>({4, 4, 3}, "SeparableConv2D", good, weights, {layer, "4x4x3"});
  expect_layer_error<Error>({4, 4, 2}, "SeparableConv2D", with("filters", value(2)), weights, {layer, "pointwise"});
  expect_layer_error<Error>({4, 4, 2}, "SeparableConv2D", with("filters", value(0)), weights, {layer, "filters"});
  expect_layer_error<Error>({4, 4, 2}, "SeparableConv2D", good, {weights[0]}, {layer, "pointwise_kernel"});
  expect_layer_error<UnsupportedError>({4, 4, 2}, "SeparableConv2D", with("groups", value(2)), weights,
                                       {layer, "groups"});
  expect_layer_error<UnsupportedError>({4, 4, 2}, "SeparableConv2D", with("secret", value(2)), weights,
                                       {layer, "secret"});
}

}  // namespace
}  // namespace fovea::test
