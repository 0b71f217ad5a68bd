// Weights and layers brought together: by name, in order, and in nested models, frozen or not.
#include "loaders/keras/weights/match.h"

#include <gtest/gtest.h>

#include "tests/loaders/keras/files.h"

namespace fovea {
namespace {

using keras::Architecture;
using keras::ConfigNode;
using keras::ListedLayer;
using keras_test::contains;
using Names = std::vector<std::string>;

/// A layer of its own.
void add(Architecture& a, const std::string& class_name, const std::string& name, AttributeMap attributes = {}) {
  a.layers.push_back({name, class_name, {a.nodes.size()}});
  a.nodes.push_back({class_name, name, name, std::move(attributes), {}, true});
}

/// "name<-layer.weight" of each weight of each node that has some.
Names matched(const std::vector<ListedLayer>& file, const Architecture& a) {
  Names lines;
  const auto matches = keras::match_weights(file, a, "file");
  for (std::size_t node = 0; node < matches.size(); ++node) {
    std::string line;
    for (const auto& m : matches[node]) line += " " + m.name + "<-" + file[m.layer].weights[m.weight];
    if (!line.empty()) lines.push_back(a.nodes[node].name + ":" + line);
  }
  return lines;
}

std::string complaint(const std::vector<ListedLayer>& file, const Architecture& a) {
  return keras_test::error_of("file", [&] { keras::match_weights(file, a, "file"); });
}

TEST(KerasMatch, GoesByNamesWhereTheyAgree) {
  Architecture a;
  add(a, "Conv2D", "c1");
  add(a, "ReLU", "r");
  add(a, "Dense", "d", {{"use_bias", Attribute::Value(false)}});
  EXPECT_EQ(matched({{"d", {"d/kernel:0"}}, {"c1", {"c1/bias:0", "c1/kernel:0"}}}, a),
            (Names{"c1: kernel<-c1/kernel:0 bias<-c1/bias:0", "d: kernel<-d/kernel:0"}));
}

TEST(KerasMatch, GoesByOrderWhereTheyDoNot) {
  Architecture a;
  add(a, "Conv2D", "conv2d_1");
  add(a, "ReLU", "relu");
  add(a, "Conv2D", "conv2d_2");
  // conv2d_2 is a name of both, but not for the same layer.
  EXPECT_EQ(matched({{"conv2d_2", {"w1", "b1"}}, {"x", {}}, {"conv2d_3", {"w2", "b2"}}}, a),
            (Names{"conv2d_1: kernel<-w1 bias<-b1", "conv2d_2: kernel<-w2 bias<-b2"}));
}

TEST(KerasMatch, KeepsTheNamesOfLayersItDoesNotKnow) {
  Architecture a;
  add(a, "LSTM", "l");
  EXPECT_EQ(matched({{"l", {"l/cell/kernel:0", "l/cell/recurrent_kernel:0"}}}, a),
            (Names{"l: kernel<-l/cell/kernel:0 recurrent_kernel<-l/cell/recurrent_kernel:0"}));
  EXPECT_EQ(matched({{"z", {"k"}}}, a), (Names{"l: k<-k"})) << "both list one layer";
}

TEST(KerasMatch, LeavesOutWhatScaleAndCenterLeaveOut) {
  Architecture a;
  add(a, "BatchNormalization", "n", {{"scale", Attribute::Value(false)}});
  EXPECT_EQ(matched({{"n", {"v1", "v2", "v3"}}}, a), (Names{"n: beta<-v1 moving_mean<-v2 moving_variance<-v3"}));
}

TEST(KerasMatch, NamesWhatIsMissingOrLeftOver) {
  Architecture a;
  add(a, "Conv2D", "c");
  add(a, "Dense", "d");
  EXPECT_EQ(complaint({{"c", {"c/kernel", "c/bias"}}}, a), "layer 'd' (Dense): the file has no weights for it");
  EXPECT_EQ(complaint({{"c", {"k", "b"}}, {"d", {"k"}}}, a),
            "layer 'd' (Dense): the file has 1 weights for it, the configuration needs 2: kernel bias");
  EXPECT_EQ(complaint({{"c", {"k", "b"}}, {"d", {"k", "b"}}, {"e\n", {"k", "b"}}}, a),
            "layer 'e?' of the file is not in the model's configuration");
}

/// A nested model "net" with conv c1, norm n1, conv c2, of which some are frozen.
Architecture nested(bool freeze_norm, bool freeze_second) {
  Architecture a;
  const AttributeMap no_bias{{"use_bias", Attribute::Value(false)}};
  a.nodes.push_back({"Conv2D", "net/c1", "c1", no_bias, {}, true});
  a.nodes.push_back({"BatchNormalization", "net/n1", "n1", {}, {}, !freeze_norm});
  a.nodes.push_back({"Conv2D", "net/c2", "c2", no_bias, {}, !freeze_second});
  a.layers.push_back({"net", "Functional", {0, 1, 2}});
  return a;
}

TEST(KerasMatchNested, GoesByTheLastTwoNames) {
  const Names expected = {"net/c1: kernel<-net/c1/kernel:0",
                          "net/n1: gamma<-n1/gamma:0 beta<-n1/beta:0 moving_mean<-n1/moving_mean:0 "
                          "moving_variance<-n1/moving_variance:0",
                          "net/c2: kernel<-c2/kernel:0"};
  EXPECT_EQ(
      matched(
          {{"net",
            {"net/c1/kernel:0", "n1/gamma:0", "n1/beta:0", "c2/kernel:0", "n1/moving_mean:0", "n1/moving_variance:0"}}},
          nested(false, false)),
      expected);
  // Frozen, the norm's own variables stand with the others that are not trained.
  EXPECT_EQ(
      matched(
          {{"net",
            {"net/c1/kernel:0", "c2/kernel:0", "n1/gamma:0", "n1/beta:0", "n1/moving_mean:0", "n1/moving_variance:0"}}},
          nested(true, false)),
      expected);
}

TEST(KerasMatchNested, GoesByOrderAndTrainableFlags) {
  const std::vector<ListedLayer> file = {{"net", {"v0", "v1", "v2", "v3", "v4", "v5"}}};
  EXPECT_EQ(matched(file, nested(false, false)),
            (Names{"net/c1: kernel<-v0", "net/n1: gamma<-v1 beta<-v2 moving_mean<-v4 moving_variance<-v5",
                   "net/c2: kernel<-v3"}));
  EXPECT_EQ(matched(file, nested(true, false)),
            (Names{"net/c1: kernel<-v0", "net/n1: gamma<-v2 beta<-v3 moving_mean<-v4 moving_variance<-v5",
                   "net/c2: kernel<-v1"}));
  EXPECT_EQ(matched(file, nested(false, true)),
            (Names{"net/c1: kernel<-v0", "net/n1: gamma<-v1 beta<-v2 moving_mean<-v3 moving_variance<-v4",
                   "net/c2: kernel<-v5"}));
  EXPECT_EQ(complaint({{"net", {"v0", "v1"}}}, nested(false, false)),
            "layer 'net' (Functional): the file has 2 weights for this nested model, the configuration needs 6");
}

TEST(KerasMatchNested, IsNotMisledByNumberedNames) {
  // Keras made "c1_1" of the second use of a name; "c2" is then no hint for the layer c2 either.
  const std::vector<ListedLayer> file = {{"net",
                                          {"c2/kernel:0", "n1_1/gamma:0", "n1_1/beta:0", "c2_1/kernel:0",
                                           "n1_1/moving_mean:0", "n1_1/moving_variance:0"}}};
  const auto lines = matched(file, nested(false, false));
  EXPECT_EQ(lines[0], "net/c1: kernel<-c2/kernel:0");
  EXPECT_EQ(lines[2], "net/c2: kernel<-c2_1/kernel:0");
}

}  // namespace
}  // namespace fovea
