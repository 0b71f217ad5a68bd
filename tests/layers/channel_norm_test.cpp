// Normalisation over the channels of each pixel: by deviation, root mean square and length.
#include "tests/support/layer_test.h"

namespace fovea::test {
namespace {

class ChannelNorm : public LayerTest {};
FOVEA_EVERY_TABLE(ChannelNorm);

TEST_P(ChannelNorm, Shapes) {
  for (const Shape& shape : {Shape{21}, Shape{5, 20}, Shape{9, 11, 3}, Shape{4, 40, 16}, Shape{3, 5, 50}}) {
    SCOPED_TRACE(shape.str());
    const std::int64_t c = shape.c();
    ModelBuilder net(shape);
    net.add("LayerNormalization", {{"axis", list({value(-1)})}, {"epsilon", value(1e-2)}},
            {net.random_weight("gamma", {c}), net.random_weight("beta", {c})});
    net.add("RMSNormalization", {{"axis", value(shape.rank())}, {"epsilon", value(1e-2)}},
            {net.random_weight("scale", {c})});
    net.add("UnitNormalization", {{"axis", value(-1)}});
    expect_matches(net);
  }
}

TEST_P(ChannelNorm, WithoutScaleAndShift) {
  ModelBuilder net({4, 6, 19});
  net.relu();
  net.add("LayerNormalization", {{"scale", value(false)}, {"epsilon", value(1e-2)}}, {net.random_weight("beta", {19})});
  net.add("LayerNormalization", {{"center", value(false)}, {"epsilon", value(1e-2)}},
          {net.random_weight("gamma", {19})});
  net.conv({.filters = 5});
  expect_matches(net);
}

TEST_P(ChannelNorm, OverAllValues) {
  for (const Shape& shape : {Shape{5, 20}, Shape{1, 1, 3}, Shape{9, 11, 3}, Shape{4, 4, 16}, Shape{19, 23, 21}}) {
    SCOPED_TRACE(shape.str());
    AttributeList up, down;
    for (int axis = 1; axis <= shape.rank(); ++axis) {
      up.push_back(value(axis));
      down.push_back(value(axis - shape.rank() - 1));
    }
    ModelBuilder net(shape);
    net.add("LayerNormalization", {{"axis", list(up)}, {"epsilon", value(1e-2)}},
            {net.random_weight("gamma", shape.dims()), net.random_weight("beta", shape.dims())});
    net.relu();
    net.add("RMSNormalization", {{"axis", list(down)}, {"epsilon", value(1e-2)}},
            {net.random_weight("scale", shape.dims())});
    net.add("LayerNormalization",
            {{"axis", list(up)}, {"center", value(false)}, {"scale", value(false)}, {"epsilon", value(1e-2)}});
    net.add("UnitNormalization", {{"axis", list(up)}});
    expect_matches(net);
  }
}

TEST_P(ChannelNorm, NothingHasLengthNothing) {
  ModelBuilder net({2, 2, 5});
  net.add("ReLU", {{"max_value", value(0)}});
  net.add("UnitNormalization");
  Session session(Model::create(net.desc(), {.isa = isa_name(table().isa)}), {.threads = 1});
  session.run();
  for (const float x : session.output()) EXPECT_EQ(x, 0);
}

TEST(ChannelNormConfig, Refuses) {
  const auto layer = "layer 'layer1' (LayerNormalization)";
  const Weight gamma = weight("gamma", {3}, {1, 2, 3}), beta = weight("beta", {3}, {1, 2, 3});
  const auto refuse = [&](AttributeMap attributes, const char* part) {
    expect_layer_error<UnsupportedError>({4, 4, 3}, "LayerNormalization", std::move(attributes), {gamma, beta},
                                         {layer, part});
  };
  expect_layer_error<Error>({4, 4, 3}, "LayerNormalization", {{"axis", list({value(1), value(2), value(3)})}},
                            {gamma, beta}, {layer, "gamma is 3"});
  const std::vector<float> ones(36, 1.0f);
  expect_layer_error<Error>({4, 4, 3}, "LayerNormalization", {{"axis", list({value(1), value(2), value(3)})}},
                            {weight("gamma", {4, 3, 3}, ones), weight("beta", {4, 3, 3}, ones)},
                            {layer, "gamma is 4x3x3", "4x4x3"});
  expect_layer_error<UnsupportedError>(
      {3, 3, 4}, "LayerNormalization", {{"axis", list({value(3), value(1), value(2)})}},
      {weight("gamma", {4, 3, 3}, ones), weight("beta", {4, 3, 3}, ones)}, {layer, "axes"});
  refuse({{"axis", value(2)}}, "axes");
  refuse({{"axis", value(0)}}, "batch");
  refuse({{"rms_scaling", value(true)}}, "rms_scaling");
  expect_layer_error<Error>({4, 4, 3}, "LayerNormalization", {}, {gamma}, {layer, "beta"});
  expect_layer_error<Error>({4, 4, 5}, "LayerNormalization", {}, {gamma, beta}, {layer, "weights of shape 3", "4x4x5"});
  // Gammas of more values than there are channels, under an axis that stands twice.
  const std::vector<float> many(3000, 1.0f);
  for (const auto& axes : {pair(-1, -1), pair(3, -1)}) {
    expect_layer_error<Error>({4, 4, 3}, "LayerNormalization", {{"axis", axes}},
                              {weight("gamma", {3, 1000}, many), weight("beta", {3, 1000}, many)}, {layer, "twice"});
  }
  expect_layer_error<Error>({3}, "RMSNormalization", {{"axis", pair(1, 1)}}, {weight("scale", {3, 1000}, many)},
                            {"RMSNormalization", "twice"});
  expect_layer_error<Error>({4, 4, 3}, "LayerNormalization", {{"axis", value(7)}}, {gamma, beta}, {layer, "axis 7"});
  expect_layer_error<Error>({4, 4, 3}, "LayerNormalization", {{"epsilon", value(-1)}}, {gamma, beta},
                            {layer, "epsilon"});
}

}  // namespace
}  // namespace fovea::test
