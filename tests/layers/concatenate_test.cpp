// Concatenate over channels, at every offset within a block.
#include "tests/support/layer_test.h"

namespace fovea::test {
namespace {

class Concatenate : public LayerTest {};
FOVEA_EVERY_TABLE(Concatenate);

TEST_P(Concatenate, Channels) {
  const std::vector<std::vector<std::int64_t>> cases = {{16, 32},          {1, 1},   {3, 16},
                                                        {5, 40, 7, 1, 20}, {17, 15}, {33, 31, 64}};
  for (const auto& filters : cases) {
    ModelBuilder net({5, 7, 3}, true);
    std::vector<std::string> from = {"input"};
    for (const std::int64_t count : filters) from.push_back(net.conv({.filters = count}, "input"));
    net.add("Concatenate", {{"axis", value(filters.size() == 2 ? -1 : 3)}}, {}, from);
    SCOPED_TRACE(net.shape(net.last()).str());
    expect_matches(net);
    net.conv({.filters = 4, .kh = 3, .kw = 3});  // reads the lanes behind the last channel
    expect_matches(net);
  }
}

TEST_P(Concatenate, Vectors) {
  ModelBuilder net({21});
  const std::string x = net.dense(13);
  net.add("Concatenate", {{"axis", value(1)}}, {}, {x, "input", x});
  expect_matches(net);
}

TEST(ConcatenateConfig, Refuses) {
  const auto refuse = [](int axis) {
    ModelBuilder net({4, 4, 3});
    net.add("Concatenate", {{"axis", value(axis)}}, {}, {"input", "input"});
    expect_error<UnsupportedError>(net.desc(), {"layer 'layer1' (Concatenate)", "axis"});
  };
  refuse(1);
  refuse(-2);
  ModelBuilder net({4, 4, 3});
  net.pool("MaxPooling2D", {});
  net.add("Concatenate", {}, {}, {"input", net.last()});
  expect_error<Error>(net.desc(), {"layer 'layer2' (Concatenate)", "4x4x3", "2x2x3"});
}

}  // namespace
}  // namespace fovea::test
