// BatchNormalization as a layer of its own (folded into a convolution: conv_2d_test.cpp).
#include "tests/support/layer_test.h"

namespace fovea::test {
namespace {

class BatchNormalization : public LayerTest {};
FOVEA_EVERY_TABLE(BatchNormalization);

TEST_P(BatchNormalization, EveryChannelCount) {
  for (int c = 1; c <= 40; ++c) {
    SCOPED_TRACE(c);
    ModelBuilder map({3, 1 + c % 4, c}, c % 2 == 0), vector({c}, c % 2 == 1);
    for (ModelBuilder* net : {&map, &vector}) {
      net->batch_norm();
      if (c % 3 == 0) net->relu();
      expect_matches(*net);
    }
  }
}

// scale and center say which weights there are; epsilon defaults to 1e-3.
TEST_P(BatchNormalization, WithoutScaleOrCenter) {
  for (const bool scale : {true, false}) {
    for (const bool center : {true, false}) {
      SCOPED_TRACE(testing::Message() << scale << center);
      ModelBuilder net({3, 3, 18});
      std::vector<Weight> weights;
      if (scale) weights.push_back(net.random_weight("gamma", {18}));
      if (center) weights.push_back(net.random_weight("beta", {18}));
      weights.push_back(net.random_weight("moving_mean", {18}));
      weights.push_back(weight("moving_variance", {18}, std::vector<float>(18, 1e-4f)));
      net.add("BatchNormalization", {{"scale", value(scale)}, {"center", value(center)}}, weights);
      expect_matches(net);
    }
  }
}

TEST_P(BatchNormalization, AfterWhatCannotTakeIt) {
  ModelBuilder net({6, 6, 20}, true);
  net.pool("MaxPooling2D", {});
  net.batch_norm();
  net.batch_norm();
  net.relu();
  net.add("Flatten");
  net.batch_norm();
  expect_matches(net);
}

// Keras 2 writes the axis as a list, Keras 3 as a number; both count the batch.
TEST_P(BatchNormalization, AxisForms) {
  for (const Attribute& axis : {value(-1), value(3), list({value(3)}), list({value(-1)}), null()}) {
    ModelBuilder net({2, 2, 3});
    net.add("BatchNormalization", {{"axis", axis}, {"momentum", value(0.9)}},
            {net.random_weight("gamma", {3}), net.random_weight("beta", {3}), net.random_weight("moving_mean", {3}),
             weight("moving_variance", {3}, {1, 2, 3})});
    expect_matches(net);
  }
}

TEST(BatchNormalizationConfig, Refuses) {
  const auto weights = [](std::int64_t channels, float variance) {
    const std::vector<float> ones(static_cast<std::size_t>(channels), 1),
        v(static_cast<std::size_t>(channels), variance);
    return std::vector<Weight>{weight("gamma", {channels}, ones), weight("beta", {channels}, ones),
                               weight("moving_mean", {channels}, ones), weight("moving_variance", {channels}, v)};
  };
  const auto refused = [&](auto kind, AttributeMap attributes, std::vector<Weight> w,
                           std::initializer_list<const char*> parts) {
    expect_layer_error<decltype(kind)>({2, 2, 3}, "BatchNormalization", std::move(attributes), std::move(w), parts);
  };
  const Error error("");
  const UnsupportedError unsupported("");
  refused(unsupported, {{"axis", value(1)}}, weights(3, 1), {"layer 'layer1' (BatchNormalization)", "axis 1"});
  refused(unsupported, {{"axis", list({value(1), value(2)})}}, weights(3, 1), {"several axes"});
  refused(unsupported, {{"axis", value("last")}}, weights(3, 1), {"axes"});
  refused(unsupported, {{"renorm", value(true)}}, weights(3, 1), {"renorm"});
  refused(unsupported, {{"whiten", value(true)}}, weights(3, 1), {"layer 'layer1' (BatchNormalization)", "whiten"});
  refused(error, {{"epsilon", value("small")}}, weights(3, 1), {"epsilon"});
  refused(error, {}, weights(4, 1), {"layer 'layer1' (BatchNormalization)", "4 channels", "2x2x3"});
  refused(error, {}, weights(3, -1), {"variance"});
  refused(error, {{"epsilon", value(0)}}, weights(3, 0), {"variance + epsilon of channel 0"});
  for (std::size_t missing = 0; missing < 4; ++missing) {
    std::vector<Weight> w = weights(3, 1);
    const std::string name = w[missing].name;
    w.erase(w.begin() + static_cast<std::ptrdiff_t>(missing));
    refused(error, {}, w, {"layer 'layer1' (BatchNormalization)", name.c_str(), "missing"});
  }
  std::vector<Weight> short_beta = weights(3, 1);
  short_beta[1] = weight("beta", {2}, {1, 1});
  refused(error, {}, short_beta, {"beta is 2"});
  refused(error, {{"scale", value(false)}}, weights(3, 1), {"'gamma' is not expected"});
}

}  // namespace
}  // namespace fovea::test
