// Concatenate over channels, at every offset within a block, and over other axes.
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

TEST_P(Concatenate, OtherAxes) {
  struct Case {
    int axis;
    std::vector<Shape> shapes;
  };
  for (const auto& [axis, shapes] :
       {Case{1, {{5, 7, 19}, {1, 7, 19}, {2, 7, 19}}}, Case{-3, {{2, 3, 16}, {1, 3, 16}}},
        Case{2, {{5, 7, 3}, {5, 2, 3}, {5, 1, 3}}}, Case{-2, {{3, 1, 33}, {3, 4, 33}}}, Case{1, {{4, 21}, {9, 21}}},
        Case{-2, {{4, 1}, {1, 1}}}, Case{2, {{2, 1, 3, 5}, {2, 4, 3, 5}}}, Case{-1, {{2, 3, 2, 19}, {2, 3, 2, 14}}},
        Case{4, {{2, 1, 2, 3, 2, 3}, {2, 1, 2, 1, 2, 3}, {2, 1, 2, 2, 2, 3}}}}) {
    SCOPED_TRACE(testing::Message() << shapes[0].str() << " along " << axis);
    ModelBuilder net(shapes[0], true);
    std::vector<std::string> from = {"input"};
    for (std::size_t i = 1; i < shapes.size(); ++i) from.push_back(net.input(shapes[i]));
    from.push_back(net.relu("input"));
    net.add("Concatenate", {{"axis", value(axis)}}, {}, from);
    expect_matches(net);
    net.relu();
    net.dense(5, "linear", true, net.add("Flatten"));
    expect_matches(net);
  }
}

TEST(ConcatenateConfig, Refuses) {
  const auto joined = [](int axis, const Shape& other) {
    ModelBuilder net({4, 4, 3});
    net.add("Concatenate", {{"axis", value(axis)}}, {}, {"input", net.input(other)});
    return net.desc();
  };
  const auto layer = "layer 'layer2' (Concatenate)";
  expect_error<UnsupportedError>(joined(0, {4, 4, 3}), {layer, "batch"});
  expect_error<UnsupportedError>(joined(-4, {4, 4, 3}), {layer, "batch"});
  expect_error<Error>(joined(4, {4, 4, 3}), {layer, "axis 4 does not exist"});
  expect_error<Error>(joined(-5, {4, 4, 3}), {layer, "axis -5 does not exist"});
  expect_error<Error>(joined(1, {4, 5, 3}), {layer, "cannot join 4x4x3 and 4x5x3"});
  expect_error<Error>(joined(2, {4, 3}), {layer, "cannot join 4x4x3 and 4x3"});
  expect_error<Error>(joined(-1, {1, 4, 4, 3}), {layer, "cannot join 4x4x3 and 1x4x4x3"});
  ModelBuilder net({4, 4, 3});
  net.pool("MaxPooling2D", {});
  net.add("Concatenate", {}, {}, {"input", net.last()});
  expect_error<Error>(net.desc(), {"layer 'layer2' (Concatenate)", "4x4x3", "2x2x3"});
}

}  // namespace
}  // namespace fovea::test
