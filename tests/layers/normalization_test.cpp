// Normalization by its weights or its attributes, and its inverse.
#include "tests/support/layer_test.h"

namespace fovea::test {
namespace {

class Normalization : public LayerTest {};
FOVEA_EVERY_TABLE(Normalization);

TEST_P(Normalization, WeightsAndAttributes) {
  for (const bool invert : {false, true}) {
    for (const Shape& shape : {Shape{9, 7, 3}, Shape{3}}) {
      SCOPED_TRACE(shape.str());
      ModelBuilder stored(shape);
      stored.add(
          "Normalization", {{"axis", value(-1)}, {"invert", value(invert)}},
          {weight("mean", {3}, {0.5f, -1, 3}), weight("variance", {3}, {0.25f, 2, 0}), weight("count", {}, {7})});
      expect_matches(stored);
      ModelBuilder given(shape);
      given.add("Normalization", {{"axis", list({value(-1)})},
                                  {"invert", value(invert)},
                                  {"mean", list({value(0.5), value(-1), value(3)})},
                                  {"variance", list({list({value(0.25), value(2), value(0.5)})})}});
      expect_matches(given);
    }
  }
}

TEST(NormalizationConfig, Refuses) {
  const auto layer = "layer 'layer1' (Normalization)";
  const Weight mean = weight("mean", {3}, {1, 2, 3}), variance = weight("variance", {3}, {1, -2, 3});
  expect_layer_error<Error>({4, 4, 3}, "Normalization", {}, {mean}, {layer, "variance"});
  expect_layer_error<Error>({4, 4, 3}, "Normalization", {}, {mean, variance}, {layer, "variance 1"});
  expect_layer_error<UnsupportedError>({4, 4, 3}, "Normalization", {{"axis", value(1)}}, {mean, mean}, {layer, "axes"});
  expect_layer_error<UnsupportedError>({4, 4, 3}, "Normalization", {{"axis", null()}}, {mean, mean}, {layer, "axes"});
}

}  // namespace
}  // namespace fovea::test
