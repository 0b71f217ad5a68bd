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

TEST_P(BatchNormalization, OtherAxes) {
  struct Case {
    Shape shape;
    int axis;
  };
  for (const auto& [shape, axis] :
       {Case{{5, 7, 18}, 1}, Case{{5, 7, 18}, -3}, Case{{5, 7, 18}, 2}, Case{{20, 9, 33}, -2}, Case{{21, 20}, 1},
        Case{{9, 3}, -2}, Case{{3, 2, 5, 19}, 1}, Case{{3, 2, 5, 19}, 3}, Case{{3, 2, 5, 19}, 4},
        Case{{2, 3, 1, 2, 4, 5}, -3}, Case{{2, 3, 1, 2, 4, 5}, 6}, Case{{17}, 1}}) {
    SCOPED_TRACE(testing::Message() << shape.str() << " over " << axis);
    const std::int64_t n = shape.dims()[static_cast<std::size_t>(axis > 0 ? axis - 1 : shape.rank() + axis)];
    ModelBuilder net(shape);
    std::vector<float> variance;
    for (std::int64_t i = 0; i < n; ++i) variance.push_back(0.25f + static_cast<float>(i));
    net.add("BatchNormalization", {{"axis", value(axis)}},
            {net.random_weight("gamma", {n}), net.random_weight("beta", {n}), net.random_weight("moving_mean", {n}),
             weight("moving_variance", {n}, variance)});
    expect_matches(net);
    net.relu();
    expect_matches(net);
  }
}

// As many rows as channels: what belongs to the rows must not be folded into the convolution.
TEST_P(BatchNormalization, OverRowsBehindAConvolution) {
  ModelBuilder net({18, 7, 5});
  net.conv({.filters = 18});
  net.add("BatchNormalization", {{"axis", list({value(1)})}},
          {net.random_weight("gamma", {18}), net.random_weight("beta", {18}), net.random_weight("moving_mean", {18}),
           weight("moving_variance", {18}, std::vector<float>(18, 2))});
  net.relu();
  net.conv({.filters = 3, .kh = 3, .kw = 3});
  expect_matches(net);
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
  refused(error, {{"axis", value(1)}}, weights(3, 1), {"layer 'layer1' (BatchNormalization)", "3 channels", "2x2x3"});
  refused(error, {{"axis", value(3)}}, weights(2, 1), {"2 channels", "2x2x3"});
  refused(unsupported, {{"axis", value(0)}}, weights(3, 1), {"batch"});
  refused(unsupported, {{"axis", value(-4)}}, weights(3, 1), {"batch"});
  refused(error, {{"axis", value(4)}}, weights(3, 1), {"axis 4 does not exist"});
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
