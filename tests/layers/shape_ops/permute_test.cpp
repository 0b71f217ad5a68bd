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

TEST_P(Permute, EveryOrderOfFour) {
  std::vector<int> order = {1, 2, 3, 4};
  do {
    ModelBuilder net({3, 2, 5, 18}, true);
    net.add("Permute", {{"dims", list({value(order[0]), value(order[1]), value(order[2]), value(order[3])})}});
    net.relu();
    expect_matches(net);
  } while (std::next_permutation(order.begin(), order.end()));
}

TEST_P(Permute, OneAndSixAxes) {
  ModelBuilder vector({19}, true);
  vector.add("Permute", {{"dims", list({value(1)})}});
  expect_matches(vector);
  ModelBuilder six({3, 2, 5, 1, 4, 7}, true);
  six.add("Permute", {{"dims", list({value(6), value(1), value(4), value(3), value(2), value(5)})}});
  six.relu();
  six.dense(3, "linear", true, six.add("Flatten"));
  expect_matches(six);
}

// The channel shuffle of ShuffleNet.
TEST_P(Permute, ShuffledChannels) {
  ModelBuilder net({5, 7, 18});
  net.conv({.filters = 18});
  net.add("Reshape", {{"target_shape", list({value(5), value(7), value(3), value(6)})}});
  net.add("Permute", {{"dims", list({value(1), value(2), value(4), value(3)})}});
  net.add("Reshape", {{"target_shape", list({value(5), value(7), value(18)})}});
  net.conv({.filters = 5, .kh = 3, .kw = 3});
  expect_matches(net);
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
  expect_layer_error<UnsupportedError>(
      {4}, "Permute", {{"dims", list({value(1), value(2), value(3), value(4), value(5), value(6), value(7)})}}, {},
      {layer, "7 axes"});
  expect_layer_error<Error>({4, 4, 3}, "Permute", {}, {}, {layer});
  expect_layer_error<Error>({4, 3}, "RepeatVector", {{"n", value(2)}}, {}, {"(RepeatVector)", "vector"});
  expect_layer_error<Error>({4}, "RepeatVector", {}, {}, {"(RepeatVector)", "positive"});
}

}  // namespace
}  // namespace fovea::test
