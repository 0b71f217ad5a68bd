// Reshape between maps and vectors.
#include "tests/support/layer_test.h"

namespace fovea::test {
namespace {

class Reshape : public LayerTest {};
FOVEA_EVERY_TABLE(Reshape);

TEST_P(Reshape, Shapes) {
  const std::pair<Shape, std::vector<std::int64_t>> cases[] = {
      {{21}, {1, 1, 21}},
      {{21}, {1, 1, -1}},
      {{1, 1, 37}, {37}},
      {{1, 1, 37}, {-1}},
      {{24}, {2, 3, 4}},
      {{4, 5, 18}, {-1, 18}},
      {{4, 5, 18}, {5, 2, -1}},
      {{4, 5, 18}, {1, 1, -1}},
      {{18}, {6, 3}},
      {{4, 5, 18}, {-1}},
      {{6, 6, 1}, {3, 2, 6}},
      {{4, 5, 18}, {4, 5, 18}},
      {{4, 5, 18}, {2, 2, 5, 18}},
      {{4, 5, 18}, {4, 5, -1, 6}},
      {{360}, {2, 3, 1, 5, 3, 4}},
      {{2, 3, 4, 19}, {-1}},
      {{2, 3, 4, 19}, {6, 4, 19}},
      {{2, 1, 3, 2, 5}, {1, 1, 1, 1, 60}},
      {{1, 1, 1, 37}, {37}},
      {{2, 3, 1, 2, 1, 17}, {12, 17}},
  };
  for (const auto& [from, to] : cases) {
    AttributeList target;
    for (const std::int64_t dim : to) target.push_back(value(dim));
    SCOPED_TRACE(testing::Message() << from.str() << " to " << Shape(to).str());
    ModelBuilder net(from, true);
    net.relu();
    net.add("Reshape", {{"target_shape", list(target)}});
    net.relu();
    expect_matches(net);
  }
}

TEST(ReshapeConfig, Refuses) {
  const auto layer = "layer 'layer1' (Reshape)";
  const auto refuse = [&](AttributeList target) {
    expect_layer_error<Error>({4, 4, 3}, "Reshape", {{"target_shape", list(std::move(target))}}, {}, {layer});
  };
  refuse({value(47)});
  refuse({value(-1), value(7)});
  refuse({value(-1), value(-1)});
  refuse({value(0), value(48)});
  refuse({value(-2)});
  refuse({value(0.5)});
  refuse({value(std::int64_t{1} << 62), value(std::int64_t{1} << 62), value(3)});
  expect_layer_error<Error>({4, 4, 3}, "Reshape", {}, {}, {layer, "target_shape"});
  refuse({value(2), value(2), value(4), value(4)});
  refuse({value(5), value(-1), value(1), value(1)});
  expect_layer_error<UnsupportedError>(
      {4, 4, 3}, "Reshape",
      {{"target_shape", list({value(2), value(2), value(4), value(3), value(1), value(1), value(1)})}}, {},
      {layer, "7 dimensions"});
}

}  // namespace
}  // namespace fovea::test
