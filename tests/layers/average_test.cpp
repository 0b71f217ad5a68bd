// Average of inputs of one shape and of several.
#include "tests/support/layer_test.h"

namespace fovea::test {
namespace {

class Average : public LayerTest {};
FOVEA_EVERY_TABLE(Average);

TEST_P(Average, TwoAndThreeInputs) {
  for (const std::int64_t channels : {1, 16, 37}) {
    SCOPED_TRACE(channels);
    ModelBuilder net({20, 17, channels});
    const std::string a = net.conv({.filters = channels}), b = net.relu("input");
    net.add("Average", {}, {}, {"input", a});
    net.add("Average", {}, {}, {net.last(), b, a});
    expect_matches(net);
  }
}

// Every pairing takes one value for each channel, for each pixel or for all, on either side.
TEST_P(Average, SmallerInputs) {
  for (const char* kind : {"Add", "Average", "Subtract", "Multiply", "Maximum", "Minimum"}) {
    for (const bool swapped : {false, true}) {
      SCOPED_TRACE(kind);
      ModelBuilder net({9, 7, 21});
      const std::string channels = net.add("GlobalAveragePooling2D", {}, {}, {"input"});
      const std::string pixels = net.conv({.filters = 1}, "input");
      const std::string one = net.add("GlobalMaxPooling2D", {{"keepdims", value(true)}}, {}, {pixels});
      std::string x = "input";
      for (const std::string& small : {channels, pixels, one}) {
        x = net.add(kind, {}, {}, swapped ? std::vector{small, x} : std::vector{x, small});
      }
      net.add(kind, {}, {}, {net.add("GlobalMaxPooling2D", {{"keepdims", value(true)}}, {}, {x}), pixels});
      net.add("Add", {}, {}, {net.last(), x});
      expect_matches(net);
    }
  }
}

TEST(AverageConfig, Refuses) {
  expect_layer_error<Error>({4, 4, 3}, "Average", {}, {}, {"layer 'layer1' (Average)", "two inputs"});
  expect_layer_error<UnsupportedError>({4, 4, 3}, "Average", {{"secret", value(1)}}, {}, {"(Average)", "secret"});
}

}  // namespace
}  // namespace fovea::test
