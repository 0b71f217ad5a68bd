// CustomScaleLayer: a sum whose second operand is scaled.
#include "tests/support/layer_test.h"

namespace fovea::test {
namespace {

class CustomScaleLayer : public LayerTest {};
FOVEA_EVERY_TABLE(CustomScaleLayer);

TEST_P(CustomScaleLayer, ScaledSum) {
  for (const std::int64_t channels : {3, 16, 37}) {
    ModelBuilder net({9, 11, channels});
    const std::string branch = net.conv({.filters = channels});
    net.add("CustomScaleLayer", {{"scale", value(0.17)}}, {}, {"input", branch});
    net.relu();
    expect_matches(net);
  }
}

TEST(CustomScaleLayerConfig, Refuses) {
  const auto layer = "layer 'layer1' (CustomScaleLayer)";
  expect_layer_error<Error>({4, 4, 3}, "CustomScaleLayer", {}, {}, {layer, "two inputs"});
  ModelBuilder net({4, 4, 3});
  const std::string pool = net.pool("MaxPooling2D", {});
  net.add("CustomScaleLayer", {{"scale", value(2)}}, {}, {"input", pool});
  expect_error<UnsupportedError>(net.desc(), {"(CustomScaleLayer)", "2x2x3"});
}

}  // namespace
}  // namespace fovea::test
