// Multiply of inputs element by element, and of a map with a factor for each channel.
#include "tests/support/layer_test.h"

namespace fovea::test {
namespace {

class Multiply : public LayerTest {};
FOVEA_EVERY_TABLE(Multiply);

TEST_P(Multiply, TwoInputs) {
  for (const std::int64_t channels : {1, 16, 37}) {
    SCOPED_TRACE(channels);
    ModelBuilder net({20, 17, channels}, channels == 16);
    const std::string other = net.conv({.filters = channels});
    net.add("Multiply", {}, {}, {"input", other});
    expect_matches(net);
  }
}

TEST_P(Multiply, Vectors) {
  ModelBuilder net({21});
  const std::string x = net.dense(21);
  net.add("Multiply", {}, {}, {x, "input"});
  expect_matches(net);
}

TEST_P(Multiply, MoreInputs) {
  ModelBuilder net({9, 7, 17}, true);
  const std::string a = net.relu(), b = net.conv({.filters = 17}, "input");
  net.add("Multiply", {}, {}, {b, a, "input", b});
  expect_matches(net);
}

// Squeeze-and-excite: a factor for each channel, on either side.
TEST_P(Multiply, FactorsOfChannels) {
  for (const std::int64_t channels : {3, 16, 37}) {
    for (const bool swapped : {false, true}) {
      SCOPED_TRACE(channels);
      ModelBuilder net({5, 7, channels});
      const std::string factors = net.add("GlobalAveragePooling2D", {{"keepdims", value(true)}});
      net.add("Multiply", {}, {},
              swapped ? std::vector{factors, std::string("input")} : std::vector{std::string("input"), factors});
      expect_matches(net);
    }
  }
}

TEST(MultiplyConfig, Refuses) {
  expect_layer_error<Error>({4, 4, 3}, "Multiply", {}, {}, {"layer 'layer1' (Multiply)", "two inputs"});
  ModelBuilder net({4, 4, 3});
  net.pool("MaxPooling2D", {});
  net.add("Multiply", {}, {}, {"input", net.last()});
  expect_error<Error>(net.desc(), {"layer 'layer2' (Multiply)", "4x4x3", "2x2x3"});
  ModelBuilder setting({4, 4, 3});
  setting.add("Multiply", {{"secret", value(2)}}, {}, {"input", "input"});
  expect_error<UnsupportedError>(setting.desc(), {"layer 'layer1' (Multiply)", "secret"});
}

}  // namespace
}  // namespace fovea::test
