// Rescaling by one number or one a channel.
#include "tests/support/layer_test.h"

namespace fovea::test {
namespace {

class Rescaling : public LayerTest {};
FOVEA_EVERY_TABLE(Rescaling);

TEST_P(Rescaling, Shapes) {
  for (const Shape& shape : {Shape{21}, Shape{7, 9, 3}, Shape{5, 6, 16}, Shape{60, 70, 5}}) {
    SCOPED_TRACE(shape.str());
    AttributeList scales;
    for (std::int64_t c = 0; c < shape.c(); ++c) scales.push_back(value(0.25 * static_cast<double>(c + 1)));
    for (const Attribute& scale : {value(1 / 127.5), value(3), list(scales)}) {
      ModelBuilder net(shape);
      net.add("Rescaling", {{"scale", scale}, {"offset", value(0.5)}});
      expect_matches(net);
      net.relu();
      net.add("Rescaling", {{"scale", scale}});
      expect_matches(net);
    }
  }
}

TEST(RescalingConfig, Refuses) {
  const auto layer = "layer 'layer1' (Rescaling)";
  expect_layer_error<Error>({4, 4, 3}, "Rescaling", {}, {}, {layer, "scale"});
  expect_layer_error<Error>({4, 4, 3}, "Rescaling", {{"scale", value("a")}}, {}, {layer, "scale"});
  expect_layer_error<Error>({4, 4, 3}, "Rescaling", {{"scale", list({value(1), value(2)})}}, {}, {layer, "4x4x3"});
  const Attribute rows = list({list({list({value(1)})}), list({list({value(2)})}), list({list({value(3)})})});
  expect_layer_error<UnsupportedError>({3, 4, 3}, "Rescaling", {{"scale", rows}}, {}, {layer, "one for each channel"});
}

}  // namespace
}  // namespace fovea::test
