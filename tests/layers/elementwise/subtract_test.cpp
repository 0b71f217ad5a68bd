// Subtract of inputs element by element.
#include "tests/support/layer_test.h"

namespace fovea::test {
namespace {

class Subtract : public LayerTest {};
FOVEA_EVERY_TABLE(Subtract);

TEST_P(Subtract, TwoInputs) {
  for (const std::int64_t channels : {1, 16, 37}) {
    SCOPED_TRACE(channels);
    ModelBuilder net({20, 17, channels}, channels == 16);
    const std::string other = net.conv({.filters = channels});
    net.add("Subtract", {}, {}, {"input", other});
    expect_matches(net);
  }
}

TEST_P(Subtract, Vectors) {
  ModelBuilder net({21});
  const std::string x = net.dense(21);
  net.add("Subtract", {}, {}, {x, "input"});
  expect_matches(net);
}

TEST(SubtractConfig, Refuses) {
  expect_layer_error<Error>({4, 4, 3}, "Subtract", {}, {}, {"layer 'layer1' (Subtract)", "two inputs"});
  ModelBuilder net({4, 4, 3});
  net.pool("MaxPooling2D", {});
  net.add("Subtract", {}, {}, {"input", net.last()});
  expect_error<Error>(net.desc(), {"layer 'layer2' (Subtract)", "4x4x3", "2x2x3"});
  ModelBuilder setting({4, 4, 3});
  setting.add("Subtract", {{"secret", value(2)}}, {}, {"input", "input"});
  expect_error<UnsupportedError>(setting.desc(), {"layer 'layer1' (Subtract)", "secret"});
}

}  // namespace
}  // namespace fovea::test
