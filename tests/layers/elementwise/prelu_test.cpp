// PReLU with a factor for every value, every channel, and other shared axes.
#include "tests/support/layer_test.h"

namespace fovea::test {
namespace {

class PReLU : public LayerTest {};
FOVEA_EVERY_TABLE(PReLU);

TEST_P(PReLU, Factors) {
  const std::pair<Shape, std::vector<std::vector<std::int64_t>>> cases[] = {
      {{21}, {{21}, {1}}},
      {{7, 18}, {{7, 18}, {1, 18}, {7, 1}}},
      {{3, 5, 3}, {{3, 5, 3}, {1, 1, 3}, {3, 1, 3}, {1, 5, 1}, {1, 1, 1}}},
      {{40, 20, 18}, {{40, 20, 18}, {1, 1, 18}, {1, 20, 18}}},
  };
  for (const auto& [shape, alphas] : cases) {
    for (const auto& alpha : alphas) {
      SCOPED_TRACE(shape.str() + " by " + Shape(alpha).str());
      for (const bool integers : {true, false}) {
        ModelBuilder net(shape, integers);
        net.add("PReLU", {{"shared_axes", null()}}, {net.random_weight("alpha", alpha)});
        expect_matches(net);
      }
    }
  }
}

TEST(PReLUConfig, Refuses) {
  expect_layer_error<Error>({4}, "PReLU", {}, {}, {"layer 'layer1' (PReLU)", "'alpha' is missing"});
  const std::vector<float> two = {1, 2};
  expect_layer_error<Error>({4}, "PReLU", {}, {weight("alpha", {2}, two)}, {"(PReLU)", "alpha is 2, its input is 4"});
  expect_layer_error<Error>({2}, "PReLU", {}, {weight("alpha", {1, 2}, two)}, {"alpha is 1x2, its input is 2"});
  expect_layer_error<UnsupportedError>({2}, "PReLU", {{"secret", value(1)}}, {weight("alpha", {2}, two)}, {"secret"});
}

}  // namespace
}  // namespace fovea::test
