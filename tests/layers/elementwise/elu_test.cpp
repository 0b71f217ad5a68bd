// ELU with any alpha.
#include "tests/support/layer_test.h"

namespace fovea::test {
namespace {

class ELU : public LayerTest {};
FOVEA_EVERY_TABLE(ELU);

TEST_P(ELU, Alphas) {
  for (const Shape& shape : {Shape{21}, Shape{3, 5, 3}, Shape{40, 20, 18}}) {
    for (const Attribute& alpha : {null(), value(0.3), value(2)}) {
      ModelBuilder net(shape);
      net.add("ELU", {{"alpha", alpha}});
      expect_matches(net);
    }
  }
}

TEST(ELUConfig, Refuses) {
  expect_layer_error<Error>({4}, "ELU", {{"alpha", value("a")}}, {}, {"layer 'layer1' (ELU)", "alpha"});
  expect_layer_error<UnsupportedError>({4}, "ELU", {{"secret", value(1)}}, {}, {"(ELU)", "secret"});
}

}  // namespace
}  // namespace fovea::test
