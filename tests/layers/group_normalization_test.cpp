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

TEST(GroupNormalizationConfig, Refuses) {
  const auto layer = "layer 'layer1' (GroupNormalization)";
  const Weight gamma = weight("gamma", {3}, {1, 2, 3}), beta = weight("beta", {3}, {1, 2, 3});
  const auto refuse = [&](AttributeMap attributes, const char* part) {
    expect_layer_error<Error>({4, 4, 3}, "GroupNormalization", std::move(attributes), {gamma, beta}, {layer, part});
  };
  refuse({{"groups", value(2)}}, "group the channels");
  refuse({{"groups", value(0)}}, "groups");
  refuse({{"groups", value(1)}, {"epsilon", value(0)}}, "epsilon");
  expect_layer_error<UnsupportedError>({4, 4, 3}, "GroupNormalization", {{"groups", value(1)}, {"axis", value(1)}},
                                       {gamma, beta}, {layer, "axes"});
}

}  // namespace
}  // namespace fovea::test
