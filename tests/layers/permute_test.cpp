// Permute and RepeatVector: exact.
#include "tests/support/layer_test.h"

namespace fovea::test {
namespace {

class Permute : public LayerTest {};
FOVEA_EVERY_TABLE(Permute);

TEST_P(Permute, EveryOrder) {
  std::vector<int> order = {1, 2, 3};
  do {
    ModelBuilder net({5, 7, 18}, true);
    net.relu();
    net.add("Permute", {{"dims", list({value(order[0]), value(order[1]), value(order[2])})}});
    net.relu();
    expect_matches(net);
  } while (std::next_permutation(order.begin(), order.end()));
  ModelBuilder rows({6, 20}, true);
  rows.add("Permute", {{"dims", list({value(2), value(1)})}});
  expect_matches(rows);
}

TEST_P(Permute, RepeatedVector) {
  ModelBuilder net({19}, true);
  net.add("RepeatVector", {{"n", value(5)}});
  net.relu();
  expect_matches(net);
}

TEST(PermuteConfig, Refuses) {
  const auto layer = "layer 'layer1' (Permute)";
  const auto refuse = [&](AttributeList dims) {
    expect_layer_error<Error>({4, 4, 3}, "Permute", {{"dims", list(std::move(dims))}}, {}, {layer});
  };
  refuse({value(1), value(2)});
  refuse({value(1), value(2), value(2)});
  refuse({value(0), value(1), value(2)});
  refuse({value(1), value(2), value(3), value(4)});
  refuse({});
  expect_layer_error<Error>({4, 4, 3}, "Permute", {}, {}, {layer});
  expect_layer_error<Error>({4, 3}, "RepeatVector", {{"n", value(2)}}, {}, {"(RepeatVector)", "vector"});
  expect_layer_error<Error>({4}, "RepeatVector", {}, {}, {"(RepeatVector)", "positive"});
}

}  // namespace
}  // namespace fovea::test
