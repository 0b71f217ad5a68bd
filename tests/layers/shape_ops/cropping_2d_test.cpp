// Cropping2D and CenterCrop.
#include "tests/support/layer_test.h"

namespace fovea::test {
namespace {

class Cropping2D : public LayerTest {};
FOVEA_EVERY_TABLE(Cropping2D);

TEST_P(Cropping2D, Sides) {
  for (const Attribute& sides :
       {value(1), pair(2, 0), list({pair(1, 0), pair(2, 3)}), list({pair(0, 0), pair(0, 0)})}) {
    ModelBuilder net({9, 8, 19}, true);
    net.relu();
    net.add("Cropping2D", {{"cropping", sides}});
    net.relu();
    expect_matches(net);
  }
}

TEST_P(Cropping2D, Centre) {
  for (const auto& [h, w] : {std::pair{4, 5}, {9, 8}, {9, 1}, {8, 7}}) {
    ModelBuilder net({9, 8, 3}, true);
    net.add("CenterCrop", {{"height", value(h)}, {"width", value(w)}});
    expect_matches(net);
  }
}

TEST(Cropping2DConfig, Refuses) {
  const auto layer = "layer 'layer1' (Cropping2D)";
  expect_layer_error<Error>({4, 4, 3}, "Cropping2D", {{"cropping", value(2)}}, {}, {layer, "nothing is left"});
  expect_layer_error<Error>({4, 4, 3}, "Cropping2D", {{"cropping", value(-1)}}, {}, {layer, "out of range"});
  expect_layer_error<Error>({4}, "Cropping2D", {{"cropping", value(1)}}, {}, {layer, "feature map"});
  expect_layer_error<UnsupportedError>({4, 4, 3}, "CenterCrop", {{"height", value(5)}, {"width", value(4)}}, {},
                                       {"(CenterCrop)", "enlarging"});
  expect_layer_error<Error>({4, 4, 3}, "CenterCrop", {{"height", value(2)}}, {}, {"(CenterCrop)", "width"});
}

}  // namespace
}  // namespace fovea::test
