// Add of two and more inputs, and in place.
#include "tests/support/layer_test.h"

namespace fovea::test {
namespace {

class Add : public LayerTest {};
FOVEA_EVERY_TABLE(Add);

TEST_P(Add, TwoAndMoreInputs) {
  for (const int channels : {1, 3, 16, 17, 40}) {
    for (int count = 2; count <= 5; ++count) {
      SCOPED_TRACE(testing::Message() << channels << " channels, " << count << " inputs");
      ModelBuilder net({9, 7, channels}, count % 2 == 0);
      std::vector<std::string> from;
      for (int i = 0; i < count; ++i) from.push_back(net.add("ReLU", {{"max_value", value(i + 0.5)}}, {}, {"input"}));
      net.add("Add", {}, {}, from);
      net.relu();
      expect_matches(net);
    }
  }
}

TEST_P(Add, OneTensorTwice) {
  ModelBuilder net({9, 7, 18}, true);
  const std::string x = net.relu();
  net.add("Add", {}, {}, {x, x});
  const std::string y = net.relu();
  net.add("Add", {}, {}, {y, x, y});
  expect_matches(net);
}

TEST_P(Add, Vectors) {
  ModelBuilder net({37});
  const std::string x = net.dense(21), y = net.dense(21, "relu", true, "input");
  net.add("Add", {}, {}, {x, y});
  net.relu();
  expect_matches(net);
}

// Longer than one piece of work.
TEST_P(Add, LargeMaps) {
  ModelBuilder net({40, 33, 16});
  net.add("Add", {}, {}, {"input", net.relu()});
  expect_matches(net);
}

TEST(AddConfig, Refuses) {
  expect_layer_error<Error>({4, 4, 3}, "Add", {}, {}, {"layer 'layer1' (Add)", "two inputs"});
  ModelBuilder net({4, 4, 3});
  net.pool("MaxPooling2D", {});
  net.add("Add", {}, {}, {"input", net.last()});
  expect_error<Error>(net.desc(), {"layer 'layer2' (Add)", "4x4x3", "2x2x3"});
  ModelBuilder setting({4, 4, 3});
  setting.add("Add", {{"weights_of_sum", value(2)}}, {}, {"input", "input"});
  expect_error<UnsupportedError>(setting.desc(), {"layer 'layer1' (Add)", "weights_of_sum"});
}

}  // namespace
}  // namespace fovea::test
