// ResNet50 by name: its two sets of layer names, with and without the head, at any input size.
#include "loaders/keras/classes/builtin.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>

#include "loaders/keras/json/access.h"
#include "loaders/keras/weights/variables.h"
#include "tests/loaders/keras/files.h"

namespace fovea {
namespace {

using keras::Architecture;
using keras_test::contains;
using Names = std::vector<std::string>;

const Names kNew = {"conv2_block1_1_conv"};
const Names kOld = {"res2a_branch2a"};

Architecture build(const std::string& name, const Names& layers) {
  return keras::builtin_architecture(name, layers, "w.h5");
}

std::map<std::string, int> classes(const Architecture& a) {
  std::map<std::string, int> counts;
  for (const auto& node : a.nodes) ++counts[node.class_name];
  return counts;
}

const keras::ConfigNode& node(const Architecture& a, const std::string& name) {
  const auto found = std::find_if(a.nodes.begin(), a.nodes.end(), [&](const auto& n) { return n.name == name; });
  if (found == a.nodes.end()) throw Error("no node " + name);
  return *found;
}

std::int64_t first_of_pair(const keras::ConfigNode& n, const char* key) {
  return *keras::as<std::int64_t>((*keras::as<AttributeList>(n.attributes.at(key)))[0]);
}

TEST(KerasBuiltin, HasTheLayersOfResNet50) {
  // Counted in Keras 3.15: keras.applications.ResNet50(weights=None).
  const std::map<std::string, int> expected = {{"Activation", 49}, {"Add", 16},         {"BatchNormalization", 53},
                                               {"Conv2D", 53},     {"Dense", 1},        {"GlobalAveragePooling2D", 1},
                                               {"InputLayer", 1},  {"MaxPooling2D", 1}, {"ZeroPadding2D", 2}};
  for (const Names& names : {kNew, kOld}) {
    EXPECT_EQ(classes(build("resnet50", names)), expected);
    auto without = expected;
    without.erase("Dense");
    without.erase("GlobalAveragePooling2D");
    EXPECT_EQ(classes(build("resnet50-notop", names)), without);
  }
  EXPECT_EQ(build("resnet50-notop", kNew).outputs, Names{"conv5_block3_out"});
  EXPECT_EQ(build("resnet50-notop", kOld).outputs, Names{"activation_49"});
  EXPECT_EQ(build("resnet50", kNew).outputs, Names{"predictions"});
  EXPECT_EQ(build("resnet50", kOld).outputs, Names{"fc1000"});
}

TEST(KerasBuiltin, NeedsAsManyTensorsAsKerasSaves) {
  std::size_t tensors = 0;
  for (const auto& n : build("resnet50", kNew).nodes) {
    if (const auto variables = keras::expected_variables(n)) tensors += variables->size();
  }
  EXPECT_EQ(tensors, 320U);
}

TEST(KerasBuiltin, DiffersByNamesInEpsilonAndOrder) {
  const Architecture today = build("resnet50", kNew);
  const Architecture old = build("resnet50", kOld);
  EXPECT_EQ(*keras::as<double>(node(today, "conv1_bn").attributes.at("epsilon")), 1.001e-5);
  EXPECT_EQ(*keras::as<double>(node(old, "bn_conv1").attributes.at("epsilon")), 1e-3);
  EXPECT_EQ(node(today, "conv2_block1_add").inputs, (Names{"conv2_block1_0_bn", "conv2_block1_3_bn"}));
  EXPECT_EQ(node(today, "conv2_block2_add").inputs, (Names{"conv2_block1_out", "conv2_block2_3_bn"}));
  EXPECT_EQ(node(old, "add_1").inputs, (Names{"bn2a_branch2c", "bn2a_branch1"}));
  EXPECT_EQ(node(old, "add_2").inputs, (Names{"bn2b_branch2c", "activation_4"}));
}

TEST(KerasBuiltin, StridesInTheFirstConvolutionOfAStage) {
  const Architecture a = build("resnet50", kNew);
  EXPECT_EQ(first_of_pair(node(a, "conv2_block1_1_conv"), "strides"), 1);
  EXPECT_EQ(first_of_pair(node(a, "conv3_block1_1_conv"), "strides"), 2);
  EXPECT_EQ(first_of_pair(node(a, "conv3_block1_0_conv"), "strides"), 2);
  EXPECT_EQ(first_of_pair(node(a, "conv3_block1_2_conv"), "strides"), 1);
  EXPECT_EQ(first_of_pair(node(a, "conv3_block2_1_conv"), "strides"), 1);
  EXPECT_EQ(first_of_pair(node(a, "conv1_conv"), "kernel_size"), 7);
}

TEST(KerasBuiltin, TakesAnInputSize) {
  const auto side = [](const std::string& name) {
    return *keras::as<std::int64_t>((*keras::as<AttributeList>(build(name, kNew).nodes[0].attributes.at("shape")))[0]);
  };
  EXPECT_EQ(side("resnet50"), 224);
  EXPECT_EQ(side("resnet50-notop:700"), 700);
  for (const char* bad :
       {"resnet50:", "resnet50:0", "resnet50:31", "resnet50:7oo", "resnet50:99999999999999999999", "resnet50:-5"}) {
    EXPECT_TRUE(contains(keras_test::error_of("w.h5", [&] { build(bad, kNew); }), "is not a number from 32 to 8192"))
        << bad;
  }
  EXPECT_TRUE(
      contains(keras_test::error_of("w.h5", [&] { build("resnet5", kNew); }), "known: resnet50, resnet50-notop"));
  EXPECT_TRUE(
      contains(keras_test::error_of("w.h5", [&] { build("resnet50", {"conv1"}); }), "not named like a ResNet50's"));
}

}  // namespace
}  // namespace fovea
