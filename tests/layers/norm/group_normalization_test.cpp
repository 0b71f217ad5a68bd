// GroupNormalization with groups within and across blocks of channels.
#include "tests/support/layer_test.h"

namespace fovea::test {
namespace {

class GroupNormalization : public LayerTest {};
FOVEA_EVERY_TABLE(GroupNormalization);

TEST_P(GroupNormalization, Groups) {
  struct Case {
    Shape shape;
    int groups;
  };
  for (const auto& [shape, groups] : {Case{{9, 11, 6}, 3}, Case{{5, 7, 36}, 4}, Case{{30, 20, 32}, 32},
                                      Case{{6, 6, 18}, 1}, Case{{5, 20}, -1}, Case{{24}, 2}}) {
    SCOPED_TRACE(shape.str() + " in " + std::to_string(groups));
    ModelBuilder net(shape);
    const std::int64_t c = shape.c();
    net.add("GroupNormalization", {{"groups", value(groups)}, {"axis", value(-1)}, {"epsilon", value(0.1)}},
            {net.random_weight("gamma", {c}), net.random_weight("beta", {c})});
    net.relu();
    expect_matches(net);
  }
}

TEST_P(GroupNormalization, OtherAxes) {
  struct Case {
    Shape shape;
    int axis, groups;
  };
  for (const auto& [shape, axis, groups] :
       {Case{{6, 5, 19}, 1, 3}, Case{{6, 5, 19}, -3, 1}, Case{{9, 12, 16}, 2, 4}, Case{{9, 12, 3}, -2, -1},
        Case{{20, 17}, 1, 5}, Case{{2, 6, 3, 5}, 2, 2}, Case{{2, 3, 2, 18}, 4, 6}, Case{{2, 3, 4, 2, 1, 5}, 3, 2}}) {
    SCOPED_TRACE(testing::Message() << shape.str() << " along " << axis << " in " << groups);
    const std::int64_t n = shape.dims()[static_cast<std::size_t>(axis > 0 ? axis - 1 : shape.rank() + axis)];
    const AttributeMap attributes = {{"groups", value(groups)}, {"axis", value(axis)}, {"epsilon", value(0.1)}};
    ModelBuilder net(shape);
    net.add("GroupNormalization", attributes, {net.random_weight("gamma", {n}), net.random_weight("beta", {n})});
    expect_matches(net);
    AttributeMap plain = attributes;
    plain.insert({{"scale", value(false)}, {"center", value(false)}});
    net.add("GroupNormalization", plain);
    net.relu();
    expect_matches(net);
  }
}

TEST(GroupNormalizationConfig, Refuses) {
  const auto layer = "layer 'layer1' (GroupNormalization)";
  const Weight gamma = weight("gamma", {3}, {1, 2, 3}), beta = weight("beta", {3}, {1, 2, 3});
  const auto refuse = [&](AttributeMap attributes, const char* part) {
    expect_layer_error<Error>({4, 4, 3}, "GroupNormalization", std::move(attributes), {gamma, beta}, {layer, part});
  };
  refuse({{"groups", value(2)}}, "group the channels");
  refuse({{"groups", value(0)}}, "groups");
  refuse({{"groups", value(1)}, {"epsilon", value(0)}}, "epsilon");
  refuse({{"groups", value(1)}, {"axis", value(1)}}, "has 3 channels, its input is 4x4x3");
  refuse({{"groups", value(3)}, {"axis", value(2)}}, "group the channels");
  refuse({{"groups", value(1)}, {"axis", value(4)}}, "axis 4 does not exist");
  refuse({{"groups", value(1)}, {"axis", pair(1, 2)}}, "one whole number");
  refuse({{"groups", value(1)}, {"axis", pair(3, -1)}}, "twice");
  expect_layer_error<UnsupportedError>({4, 4, 3}, "GroupNormalization", {{"groups", value(1)}, {"axis", value(0)}},
                                       {gamma, beta}, {layer, "batch"});
}

}  // namespace
}  // namespace fovea::test
