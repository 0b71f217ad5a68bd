// ReLU with and without an upper bound, slope and threshold.
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
  expect_layer_error<UnsupportedError>({4}, "ReLU", {{"alpha", value(0.1)}}, {}, {"layer 'layer1' (ReLU)", "alpha"});
}

}  // namespace
}  // namespace fovea::test
