// Normalisation over the channels of each pixel, and over other axes: by deviation, root mean square and length.
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

TEST_P(ChannelNorm, OverOtherAxes) {
  struct Case {
    Shape shape;
    std::vector<std::int64_t> axes;
    bool last;  // no other axis stands behind one of them
  };
  for (const auto& [shape, axes, last] :
       {Case{{5, 7, 18}, {1}, false}, Case{{5, 7, 18}, {-2}, false}, Case{{5, 7, 18}, {1, 2}, false},
        Case{{5, 7, 18}, {2, 3}, true}, Case{{5, 7, 18}, {3, 1}, false}, Case{{5, 7, 18}, {-1, -2}, false},
        Case{{6, 4, 3}, {3, 1, 2}, false}, Case{{40, 3, 50}, {1}, false}, Case{{40, 3, 50}, {3, 1}, false},
        Case{{9, 20}, {1}, false}, Case{{3, 2, 5, 19}, {4}, true}, Case{{3, 2, 5, 19}, {2, 3}, false},
        Case{{3, 2, 5, 19}, {-2, -1}, true}, Case{{3, 2, 5, 19}, {1, 2, 3, 4}, true},
        Case{{2, 3, 1, 2, 4, 5}, {2, 5}, false}, Case{{2, 3, 1, 2, 4, 5}, {4, 5, 6}, true}}) {
    AttributeList named;
    std::vector<std::int64_t> sizes;
    for (const std::int64_t axis : axes) {
      named.push_back(value(axis));
      sizes.push_back(shape.dims()[static_cast<std::size_t>(axis > 0 ? axis - 1 : shape.rank() + axis)]);
    }
    SCOPED_TRACE(shape.str() + " over " + Shape(sizes).str());
    ModelBuilder norm(shape), unit(shape), root(shape);
    norm.add("LayerNormalization", {{"axis", list(named)}, {"epsilon", value(1e-2)}},
             {norm.random_weight("gamma", sizes), norm.random_weight("beta", sizes)});
    expect_matches(norm);
    norm.add("LayerNormalization",
             {{"axis", list(named)}, {"center", value(false)}, {"scale", value(false)}, {"epsilon", value(1e-2)}});
    expect_matches(norm);
    unit.add("UnitNormalization", {{"axis", list(named)}});
    unit.relu();
    expect_matches(unit);
    if (!last) continue;
    root.add("RMSNormalization", {{"axis", list(named)}, {"epsilon", value(1e-2)}},
             {root.random_weight("scale", sizes)});
    root.relu();
    expect_matches(root);
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
  // The weights' dimensions stand as the axes are named.
  expect_layer_error<Error>({3, 3, 4}, "LayerNormalization", {{"axis", list({value(1), value(2), value(3)})}},
                            {weight("gamma", {4, 3, 3}, ones), weight("beta", {4, 3, 3}, ones)},
                            {layer, "gamma is 4x3x3"});
  expect_layer_error<Error>({4, 4, 3}, "LayerNormalization", {{"axis", value(2)}}, {gamma, beta},
                            {layer, "gamma is 3"});
  expect_layer_error<Error>({4, 3, 5}, "LayerNormalization", {{"axis", value(2)}}, {gamma, weight("beta", {5}, ones)},
                            {layer, "beta is 5"});
  // Keras multiplies by the scale as it is, whatever the axes.
  expect_layer_error<UnsupportedError>({4, 3, 5}, "RMSNormalization", {{"axis", value(2)}},
                                       {weight("scale", {3}, {1, 2, 3})}, {"(RMSNormalization)", "the last ones"});
  expect_layer_error<UnsupportedError>({4, 3, 3}, "RMSNormalization", {{"axis", pair(1, 3)}},
                                       {weight("scale", {4, 3}, ones)}, {"(RMSNormalization)", "the last ones"});
  expect_layer_error<UnsupportedError>({4, 3, 3}, "UnitNormalization", {{"axis", pair(1, 0)}}, {},
                                       {"(UnitNormalization)", "batch"});
  expect_layer_error<Error>({4, 3, 3}, "UnitNormalization", {{"axis", pair(1, -3)}}, {},
                            {"(UnitNormalization)", "twice"});
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
