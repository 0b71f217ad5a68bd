// Dot: every pair of axes, with and without length 1, and the sizes around a vector, a block and a task.
#include "tests/support/layer_test.h"

namespace fovea::test {
namespace {

class Dot : public LayerTest {};
FOVEA_EVERY_TABLE(Dot);

ModelBuilder dot(const Shape& a, const Shape& b, Attribute axes, bool normalize = false) {
  ModelBuilder net(a, !normalize);
  const std::string other = net.input(b);
  net.add("Dot", {{"axes", std::move(axes)}, {"normalize", value(normalize)}}, {}, {"input", other});
  return net;
}

TEST_P(Dot, OfVectors) {
  for (const std::int64_t length : {1, 15, 16, 33, 700}) {
    for (const bool normalize : {false, true}) {
      const ModelBuilder net = dot({length}, {length}, value(1), normalize);
      EXPECT_EQ(net.shape(net.last()), Shape{1});
      expect_matches(net);
    }
  }
}

TEST_P(Dot, OfRowsAlongEveryAxis) {
  for (const bool normalize : {false, true}) {
    expect_matches(dot({9, 21}, {70, 21}, value(2), normalize));
    expect_matches(dot({9, 21}, {70, 21}, value(-1), normalize));
    expect_matches(dot({9, 300}, {70, 300}, value(2), normalize));
    expect_matches(dot({21, 9}, {21, 17}, value(1), normalize));
    expect_matches(dot({9, 21}, {21, 16}, pair(2, 1), normalize));
    expect_matches(dot({21, 9}, {5, 21}, pair(1, 2), normalize));
    expect_matches(dot({21, 9}, {21}, value(1), normalize));
    expect_matches(dot({21}, {9, 21}, pair(1, 2), normalize));
  }
}

TEST_P(Dot, OfMapsWithVectors) {
  for (const int axis : {1, 2, 3}) {
    ModelBuilder net = dot({6, 6, 6}, {6}, pair(axis, 1));
    EXPECT_EQ(net.shape(net.last()), (Shape{6, 6}));
    expect_matches(net);
    expect_matches(dot({6}, {6, 6, 6}, pair(1, axis)));
    expect_matches(dot({6, 6, 6}, {6, 3}, pair(axis, 1), true));
  }
}

TEST_P(Dot, OfOneResultWithItselfAmongOthers) {
  ModelBuilder net({4, 5, 20}, true);
  const std::string rows = net.add("Reshape", {{"target_shape", pair(20, 20)}}, {}, {net.relu()});
  net.add("Dot", {{"axes", value(2)}}, {}, {rows, rows});
  net.add("Reshape", {{"target_shape", list({value(20), value(4), value(5)})}});
  net.conv({.filters = 3, .kh = 3, .kw = 3});
  expect_matches(net);
  // Layers that pad vectors read what stands behind one.
  ModelBuilder vector({3, 5}, true);
  const std::string factors = vector.input({5});
  vector.add("Dot", {{"axes", pair(2, 1)}}, {}, {"input", factors});
  vector.dense(7, "relu");
  expect_matches(vector);
}

TEST_P(Dot, NothingHasNoLength) {
  ModelBuilder net({4, 7});
  net.add("Activation", {{"activation", value("relu")}});
  net.add("Dot", {{"axes", value(2)}, {"normalize", value(true)}}, {}, {net.last(), "input"});
  Session session(Model::create(net.desc(), {.isa = isa_name(table().isa)}));
  std::ranges::fill(session.input(), -1.0f);
  session.run();
  for (const float x : session.output()) EXPECT_EQ(x, 0);
}

TEST(DotConfig, Refuses) {
  const auto refuse = [](const Shape& a, const Shape& b, Attribute axes, const char* part) {
    expect_error<Error>(dot(a, b, std::move(axes)).desc(), {"layer 'layer2' (Dot)", part});
  };
  const auto unsupported = [](const Shape& a, const Shape& b, Attribute axes, const char* part) {
    expect_error<UnsupportedError>(dot(a, b, std::move(axes)).desc(), {"layer 'layer2' (Dot)", part});
  };
  refuse({4}, {5}, value(1), "cannot multiply 4 and 5");
  refuse({4, 5}, {4, 5}, pair(1, 2), "cannot multiply 4x5 and 4x5");
  refuse({4}, {4}, value(2), "axis 2 does not exist");
  refuse({4}, {4}, value(-3), "axis -3 does not exist");
  refuse({4}, {4}, null(), "'axes'");
  refuse({4}, {4}, list({}), "'axes'");
  refuse({4}, {4}, list({value(1), value(1), value(1)}), "'axes'");
  refuse({4}, {4}, value("last"), "'axes'");
  unsupported({4}, {4}, value(0), "batch");
  unsupported({4, 4, 4}, {4, 4, 4}, value(3), "4x4x4 and 4x4x4");
  ModelBuilder one({4});
  one.add("Dot", {{"axes", value(1)}});
  expect_error<Error>(one.desc(), {"layer 'layer1' (Dot)", "takes two inputs, has 1"});
}

}  // namespace
}  // namespace fovea::test
