// LeakyReLU under the attribute names of Keras 2 and 3.
#include <cmath>

#include "tests/support/layer_test.h"

namespace fovea::test {
namespace {

class LeakyReLU : public LayerTest {};
FOVEA_EVERY_TABLE(LeakyReLU);

TEST_P(LeakyReLU, Slopes) {
  for (const Shape& shape : {Shape{21}, Shape{3, 5, 3}, Shape{40, 20, 18}}) {
    for (const char* key : {"alpha", "negative_slope"}) {
      for (const double slope : {0.0, 0.1, -0.5, 1.5}) {
        ModelBuilder net(shape);
        net.add("LeakyReLU", {{key, value(slope)}});
        expect_matches(net);
      }
    }
  }
  ModelBuilder net({21});
  net.add("LeakyReLU");
  expect_matches(net);
}

TEST(LeakyReLUConfig, Refuses) {
  expect_layer_error<Error>({4}, "LeakyReLU", {{"alpha", value(HUGE_VAL)}}, {},
                            {"layer 'layer1' (LeakyReLU)", "alpha"});
  expect_layer_error<UnsupportedError>({4}, "LeakyReLU", {{"secret", value(1)}}, {}, {"(LeakyReLU)", "secret"});
}

}  // namespace
}  // namespace fovea::test
