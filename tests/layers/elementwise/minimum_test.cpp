// Minimum of inputs element by element.
#include "tests/support/layer_test.h"

namespace fovea::test {
namespace {

class Minimum : public LayerTest {};
FOVEA_EVERY_TABLE(Minimum);

TEST_P(Minimum, TwoInputs) {
  for (const std::int64_t channels : {1, 16, 37}) {
    SCOPED_TRACE(channels);
    ModelBuilder net({20, 17, channels}, channels == 16);
    const std::string other = net.conv({.filters = channels});
    net.add("Minimum", {}, {}, {"input", other});
    expect_matches(net);
  }
}

TEST_P(Minimum, Vectors) {
  ModelBuilder net({21});
  const std::string x = net.dense(21);
  net.add("Minimum", {}, {}, {x, "input"});
  expect_matches(net);
}

TEST_P(Minimum, MoreInputs) {
  ModelBuilder net({9, 7, 17}, true);
  const std::string a = net.relu(), b = net.conv({.filters = 17}, "input");
  net.add("Minimum", {}, {}, {b, a, "input", b});
  expect_matches(net);
}

TEST(MinimumConfig, Refuses) {
  expect_layer_error<Error>({4, 4, 3}, "Minimum", {}, {}, {"layer 'layer1' (Minimum)", "two inputs"});
  ModelBuilder net({4, 4, 3});
  net.pool("MaxPooling2D", {});
  net.add("Minimum", {}, {}, {"input", net.last()});
  expect_error<Error>(net.desc(), {"layer 'layer2' (Minimum)", "4x4x3", "2x2x3"});
  ModelBuilder setting({4, 4, 3});
  setting.add("Minimum", {{"secret", value(2)}}, {}, {"input", "input"});
  expect_error<UnsupportedError>(setting.desc(), {"layer 'layer1' (Minimum)", "secret"});
}

}  // namespace
}  // namespace fovea::test
