// ReLU with and without an upper bound, slope and threshold.
#include <cmath>

#include "tests/support/layer_test.h"

namespace fovea::test {
namespace {

class ReLU : public LayerTest {};
FOVEA_EVERY_TABLE(ReLU);

TEST_P(ReLU, Shapes) {
  for (const Shape& shape :
       {Shape{1}, Shape{21}, Shape{7, 18}, Shape{3, 5, 3}, Shape{4, 5, 16}, Shape{2, 3, 40}, Shape{40, 20, 18}}) {
    for (const Attribute& max_value : {null(), value(6.0), value(2), value(0.25)}) {
      ModelBuilder net(shape);
      net.add("ReLU", {{"max_value", max_value}, {"negative_slope", value(0.0)}, {"threshold", value(0)}});
      expect_matches(net);
    }
  }
}

TEST_P(ReLU, SlopesAndThresholds) {
  for (const double slope : {0.0, 0.1, -0.5}) {
    for (const double threshold : {0.0, 0.25, -0.5}) {
      for (const Attribute& max_value : {null(), value(0.75)}) {
        SCOPED_TRACE(testing::Message() << "slope " << slope << ", threshold " << threshold);
        ModelBuilder net({3, 5, 18});
        net.add("ReLU", {{"max_value", max_value}, {"negative_slope", value(slope)}, {"threshold", value(threshold)}});
        expect_matches(net);
      }
    }
  }
}

// Only what is larger than theta stays, which whole numbers meet exactly.
TEST_P(ReLU, Thresholded) {
  for (const bool integers : {true, false}) {
    for (const Shape& shape : {Shape{21}, Shape{7, 18}, Shape{9, 5, 33}, Shape{2, 3, 4, 5}}) {
      ModelBuilder by_default(shape, integers);
      by_default.add("ThresholdedReLU");
      if (integers) expect_matches(by_default);  // real ones are all smaller
      for (const Attribute& theta : {value(0), value(0.25), value(2), value(-0.5)}) {
        if (!integers && std::get_if<std::int64_t>(&theta.value()) != nullptr) continue;
        ModelBuilder net(shape, integers);
        net.add("ThresholdedReLU", {{"theta", theta}});
        expect_matches(net);
      }
    }
  }
}

TEST_P(ReLU, ThresholdsAreExact) {
  for (const float theta : {1.0f, 0.1f, 0.0f, -2.0f}) {
    SCOPED_TRACE(theta);
    ModelBuilder net({3});
    net.add("ThresholdedReLU", {{"theta", value(double{theta})}});
    Session session(Model::create(net.desc(), {.isa = isa_name(table().isa)}));
    // Numbers below the smallest normal one are zero in a run.
    const float below = std::nextafter(theta, -kInfinity);
    const float above = theta == 0 ? 0x1p-126f : std::nextafter(theta, kInfinity);
    session.input()[0] = below;
    session.input()[1] = theta;
    session.input()[2] = above;
    session.run();
    EXPECT_TRUE(all_equal(session.output(), std::vector<float>{0, 0, above}));
  }
}

TEST_P(ReLU, KeepsNaN) {
  ModelBuilder net({3});
  net.relu();
  Session session(Model::create(net.desc(), {.isa = isa_name(table().isa)}));
  session.input()[0] = kNaN;
  session.input()[1] = -1;
  session.input()[2] = 2;
  session.run();
  EXPECT_TRUE(all_equal(session.output(), std::vector<float>{kNaN, 0, 2}));
}

TEST(ReLUConfig, Refuses) {
  expect_layer_error<Error>({4}, "ReLU", {{"max_value", value("six")}}, {}, {"layer 'layer1' (ReLU)", "max_value"});
  expect_layer_error<Error>({4}, "ReLU", {{"max_value", value(-1)}}, {}, {"layer 'layer1' (ReLU)", "max_value"});
  expect_layer_error<Error>({4}, "ThresholdedReLU", {{"theta", value("one")}}, {}, {"(ThresholdedReLU)", "theta"});
  expect_layer_error<UnsupportedError>({4}, "ThresholdedReLU", {{"threshold", value(1)}}, {},
                                       {"(ThresholdedReLU)", "threshold"});
  expect_layer_error<UnsupportedError>({4}, "ReLU", {{"alpha", value(0.1)}}, {}, {"layer 'layer1' (ReLU)", "alpha"});
}

}  // namespace
}  // namespace fovea::test
