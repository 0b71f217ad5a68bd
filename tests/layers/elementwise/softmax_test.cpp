// Softmax over the last axis and over others.
#include "tests/support/layer_test.h"

namespace fovea::test {
namespace {

class SoftmaxLayer : public LayerTest {};
FOVEA_EVERY_TABLE(SoftmaxLayer);

TEST_P(SoftmaxLayer, EveryChannelCount) {
  for (int c = 1; c <= 40; ++c) {
    SCOPED_TRACE(c);
    ModelBuilder vector({c}), map({3, 2, c});
    for (ModelBuilder* net : {&vector, &map}) {
      net->add("Softmax", {{"axis", value(-1)}});
      expect_matches(*net);
    }
  }
}

TEST_P(SoftmaxLayer, OtherAxes) {
  for (const std::int64_t channels : {3, 16, 21}) {
    for (const Attribute& axis : {value(1), value(2), value(-2), pair(1, 2), value(3)}) {
      ModelBuilder net({5, 7, channels});
      net.add("Softmax", {{"axis", axis}});
      expect_matches(net);
    }
  }
  ModelBuilder rows({6, 20});
  rows.add("Softmax", {{"axis", value(1)}});
  expect_matches(rows);
}

TEST_P(SoftmaxLayer, MoreDimensions) {
  for (const Shape& shape : {Shape{2, 3, 4, 19}, Shape{3, 1, 2, 2, 16}, Shape{2, 1, 3, 2, 1, 5}}) {
    for (const int axis : {-1, shape.rank()}) {
      ModelBuilder net(shape);
      net.add("Softmax", {{"axis", value(axis)}});
      expect_matches(net);
    }
  }
}

// Far apart and large inputs neither overflow nor become NaN.
TEST_P(SoftmaxLayer, ExtremeInputs) {
  ModelBuilder net({3});
  net.add("Softmax");
  Session session(Model::create(net.desc(), {.isa = isa_name(table().isa)}));
  const auto probabilities = [&](std::initializer_list<float> in) {
    std::copy(in.begin(), in.end(), session.input().begin());
    session.run();
    return std::vector<float>(session.output().begin(), session.output().end());
  };
  EXPECT_EQ(probabilities({1e30f, -1e30f, 0}), (std::vector<float>{1, 0, 0}));
  EXPECT_EQ(probabilities({-3e38f, -3e38f, -3e38f})[1], 1.0f / 3);
}

TEST(SoftmaxConfig, Refuses) {
  expect_layer_error<UnsupportedError>({2, 2, 4}, "Softmax", {{"axis", pair(1, 3)}}, {},
                                       {"layer 'layer1' (Softmax)", "channels and pixels"});
  expect_layer_error<UnsupportedError>({2, 2, 3, 4}, "Softmax", {{"axis", value(2)}}, {},
                                       {"layer 'layer1' (Softmax)", "pixels of 2x2x3x4"});
  expect_layer_error<UnsupportedError>({2, 2, 4}, "Softmax", {{"axis", value(0)}}, {}, {"(Softmax)", "batch"});
  expect_layer_error<Error>({2, 2, 4}, "Softmax", {{"axis", pair(3, -1)}}, {}, {"(Softmax)", "twice"});
  expect_layer_error<Error>({2, 2, 4}, "Softmax", {{"axis", value(4)}}, {}, {"layer 'layer1' (Softmax)", "axis 4"});
  expect_layer_error<Error>({4}, "Softmax", {{"axis", value("last")}}, {}, {"layer 'layer1' (Softmax)", "axis"});
  expect_layer_error<UnsupportedError>({4}, "Softmax", {{"temperature", value(2)}}, {},
                                       {"layer 'layer1' (Softmax)", "temperature"});
}

}  // namespace
}  // namespace fovea::test
