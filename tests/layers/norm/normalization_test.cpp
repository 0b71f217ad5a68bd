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

TEST_P(Normalization, OtherAxes) {
  struct Case {
    Shape shape;
    std::vector<std::int64_t> axes;
  };
  for (const auto& [shape, axes] :
       {Case{{5, 7, 18}, {1}}, Case{{5, 7, 18}, {-2}}, Case{{5, 7, 18}, {1, 3}}, Case{{5, 7, 18}, {3, 2}},
        Case{{4, 5, 3}, {1, 2, 3}}, Case{{9, 20}, {1}}, Case{{19}, {1}}, Case{{2, 3, 4, 17}, {2, -1}},
        Case{{2, 3, 4, 17}, {4}}, Case{{2, 3, 1, 2, 4, 5}, {2, 5}}}) {
    AttributeList named;
    std::vector<std::int64_t> sizes;
    for (const std::int64_t axis : axes) {
      named.push_back(value(axis));
      sizes.push_back(shape.dims()[static_cast<std::size_t>(axis > 0 ? axis - 1 : shape.rank() + axis)]);
    }
    SCOPED_TRACE(shape.str() + " along " + Shape(sizes).str());
    for (const bool invert : {false, true}) {
      ModelBuilder net(shape);
      std::vector<float> variance;
      for (std::int64_t i = 0; i < Shape(sizes).elements(); ++i) variance.push_back(0.25f + static_cast<float>(i % 11));
      net.add("Normalization", {{"axis", axes.size() == 1 ? value(axes[0]) : list(named)}, {"invert", value(invert)}},
              {net.random_weight("mean", sizes), weight("variance", sizes, variance), weight("count", {}, {7})});
      expect_matches(net);
      net.dense(3, "linear", true, net.add("Flatten"));
      expect_matches(net);
    }
  }
}

// Without axes there is one pair for all.
TEST_P(Normalization, OfAll) {
  for (const Attribute& axis : {null(), list({})}) {
    for (const Shape& shape : {Shape{9, 7, 3}, Shape{21}, Shape{2, 3, 4, 17}}) {
      ModelBuilder stored(shape), given(shape);
      stored.add("Normalization", {{"axis", axis}}, {weight("mean", {}, {0.5f}), weight("variance", {}, {3})});
      expect_matches(stored);
      given.add("Normalization", {{"axis", axis}, {"mean", value(0.5)}, {"variance", value(3)}});
      expect_matches(given);
    }
  }
}

TEST(NormalizationConfig, Refuses) {
  const auto layer = "layer 'layer1' (Normalization)";
  const Weight mean = weight("mean", {3}, {1, 2, 3}), variance = weight("variance", {3}, {1, -2, 3});
  expect_layer_error<Error>({4, 4, 3}, "Normalization", {}, {mean}, {layer, "variance"});
  expect_layer_error<Error>({4, 4, 3}, "Normalization", {}, {mean, variance}, {layer, "variance 1"});
  const Weight good = weight("variance", {3}, {1, 2, 3});
  const auto refuse = [&](const Attribute& axis, const char* part) {
    expect_layer_error<Error>({4, 4, 3}, "Normalization", {{"axis", axis}}, {mean, good}, {layer, part});
  };
  refuse(value(1), "has 3 values, its input is 4x4x3");
  refuse(pair(1, 3), "has 3 values, its input is 4x4x3");
  refuse(null(), "axis is null");
  refuse(list({}), "axis is null");
  refuse(value(4), "axis 4 does not exist");
  refuse(pair(3, -1), "twice");
  expect_layer_error<UnsupportedError>({4, 4, 3}, "Normalization", {{"axis", pair(0, 3)}}, {mean, good},
                                       {layer, "batch"});
  expect_layer_error<Error>({4, 4, 3}, "Normalization", {}, {mean, weight("variance", {2}, {1, 2})},
                            {layer, "different lengths"});
}

}  // namespace
}  // namespace fovea::test
