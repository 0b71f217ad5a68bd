// Maximum of inputs element by element.
#include "tests/support/layer_test.h"

namespace fovea::test {
namespace {

class Maximum : public LayerTest {};
FOVEA_EVERY_TABLE(Maximum);

TEST_P(Maximum, TwoInputs) {
  for (const std::int64_t channels : {1, 16, 37}) {
    SCOPED_TRACE(channels);
    ModelBuilder net({20, 17, channels}, channels == 16);
    const std::string other = net.conv({.filters = channels});
    net.add("Maximum", {}, {}, {"input", other});
    expect_matches(net);
  }
}

TEST_P(Maximum, Vectors) {
  ModelBuilder net({21});
  const std::string x = net.dense(21);
  net.add("Maximum", {}, {}, {x, "input"});
  expect_matches(net);
}

TEST_P(Maximum, MoreInputs) {
  ModelBuilder net({9, 7, 17}, true);
  const std::string a = net.relu(), b = net.conv({.filters = 17}, "input");
  net.add("Maximum", {}, {}, {b, a, "input", b});
  expect_matches(net);
}

TEST(MaximumConfig, Refuses) {
  expect_layer_error<Error>({4, 4, 3}, "Maximum", {}, {}, {"layer 'layer1' (Maximum)", "two inputs"});
  ModelBuilder net({4, 4, 3});
  net.pool("MaxPooling2D", {});
  net.add("Maximum", {}, {}, {"input", net.last()});
  expect_error<Error>(net.desc(), {"layer 'layer2' (Maximum)", "4x4x3", "2x2x3"});
  ModelBuilder setting({4, 4, 3});
  setting.add("Maximum", {{"secret", value(2)}}, {}, {"input", "input"});
  expect_error<UnsupportedError>(setting.desc(), {"layer 'layer1' (Maximum)", "secret"});
}

}  // namespace
}  // namespace fovea::test
