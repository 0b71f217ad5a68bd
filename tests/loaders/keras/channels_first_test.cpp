// Models whose maps are channels first: which layers stay as they are between Permutes, whose axes are turned, and what
// is refused.
#include "loaders/keras/config/channels_first.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "loaders/keras/json/access.h"
#include "loaders/keras/json/json.h"
#include "tests/loaders/keras/files.h"

namespace fovea::keras_channels_first_test {
namespace {

using keras::Architecture;
using keras_test::contains;
using Names = std::vector<std::string>;

const char* const kFirst = R"(, "data_format": "channels_first")";

std::string layer(const std::string& name, const std::string& class_name, const Names& inputs,
                  const std::string& config = "") {
  std::string calls;
  for (const std::string& from : inputs) calls += (calls.empty() ? "" : ", ") + ("[\"" + from + R"(", 0, 0, {}])");
  return R"(, {"class_name": ")" + class_name + R"(", "name": ")" + name +
         R"(", "config": {"trainable": true, "name": ")" + name + "\"" + config + R"(}, "inbound_nodes": [[)" + calls +
         "]]}";
}

/// An operation of Keras 2 on the result of "conv".
std::string operation(const std::string& function, const std::string& arguments = "",
                      const std::string& from = "conv") {
  return R"(, {"class_name": "TFOpLambda", "name": "a", "config": {"name": "a", "trainable": true, "function": ")" +
         function + R"("}, "inbound_nodes": [[[")" + from + R"(", 0, 0, {)" + arguments + "}]]]}";
}

/// A channels_first convolution named "conv", then `layers`, the last of which is "a".
Architecture parse(const std::string& layers, const std::string& format = kFirst) {
  const std::string json =
      R"({"class_name": "Functional", "name": "f", "config": {"name": "f", "layers": [
      {"class_name": "InputLayer", "name": "in", "inbound_nodes": [],
       "config": {"name": "in", "batch_shape": [null, 3, 6, 5]}})" +
      layer("conv", "Conv2D", {"in"}, format) + layers +
      R"(], "input_layers": [["in", 0, 0]], "output_layers": [["a", 0, 0]]}})";
  return keras::parse_architecture(keras::parse_json(json, "m"), "m");
}

Architecture turned(const std::string& layers) {
  Architecture a = parse(layers);
  EXPECT_TRUE(keras::to_channels_last(a, "m", false));
  return a;
}

std::string complaint(const std::string& layers) {
  return keras_test::error_of("m", [&] {
    Architecture a = parse(layers);
    keras::to_channels_last(a, "m", false);
  });
}

const keras::ConfigNode& node(const Architecture& a, const std::string& name) {
  const auto found = std::find_if(a.nodes.begin(), a.nodes.end(), [&](const auto& n) { return n.name == name; });
  if (found == a.nodes.end()) throw Error("no node " + name);
  return *found;
}

std::vector<std::int64_t> numbers(const Architecture& a, const std::string& name, const char* key) {
  const Attribute& value = node(a, name).attributes.at(key);
  if (const auto* one = keras::as<std::int64_t>(value)) return {*one};
  std::vector<std::int64_t> all;
  for (const Attribute& item : *keras::as<AttributeList>(value)) all.push_back(*keras::as<std::int64_t>(item));
  return all;
}

using Numbers = std::vector<std::int64_t>;

TEST(KerasChannelsFirst, TurnsTheInputAndWhatSaysSo) {
  const auto a = turned(layer("a", "MaxPooling2D", {"conv"}, kFirst));
  EXPECT_EQ(numbers(a, "in", "shape"), (Numbers{6, 5, 3}));
  for (const char* name : {"conv", "a"})
    EXPECT_EQ(*keras::as<std::string>(node(a, name).attributes.at("data_format")), "channels_last");
  EXPECT_EQ(a.nodes.size(), 3U) << "nothing is permuted";
}

// The input of a channels-last model stays as it is, and what one layer reads is turned.
TEST(KerasChannelsFirst, TurnsWhatOneLayerReads) {
  const char* const last = R"(, "data_format": "channels_last")";
  for (const char* kind : {"MaxPooling2D", "Conv2D", "Resizing"}) {
    Architecture a = parse(layer("one", kind, {"conv"}, kFirst) + layer("a", "ReLU", {"one"}), last);
    EXPECT_FALSE(keras::to_channels_last(a, "m", false));
    EXPECT_EQ(numbers(a, "in", "shape"), (Numbers{3, 6, 5}));
    EXPECT_EQ(node(a, "conv").inputs, (Names{"in"}));
    EXPECT_EQ(node(a, "one/order").inputs, (Names{"conv"}));
    EXPECT_EQ(numbers(a, "one/order", "dims"), (Numbers{2, 3, 1}));
    EXPECT_EQ(node(a, "one").inputs, (Names{"one/order"}));
    EXPECT_EQ(*keras::as<std::string>(node(a, "one").attributes.at("data_format")), "channels_last");
    EXPECT_EQ(numbers(a, "one/turned", "dims"), (Numbers{3, 1, 2}));
    EXPECT_EQ(node(a, "a").inputs, (Names{"one/turned"}));
  }
  Architecture vector = parse(layer("a", "GlobalMaxPooling2D", {"conv"}, kFirst), last);
  EXPECT_FALSE(keras::to_channels_last(vector, "m", false));
  EXPECT_EQ(vector.outputs, (Names{"a"}));
  for (const auto& [kind, more] :
       {std::pair{"Conv1D", ""}, {"Flatten", ""}, {"Conv2D", R"(, "activation": "softmax")"}}) {
    Architecture a = parse(layer("a", kind, {"conv"}, kFirst + std::string(more)), last);
    EXPECT_TRUE(contains(keras_test::error_of("m", [&] { keras::to_channels_last(a, "m", false); }), "layer 'a' ("))
        << kind;
  }
  Architecture old = parse(layer("a", "Conv2D", {"conv"}, kFirst), last);
  EXPECT_TRUE(contains(keras_test::error_of("m", [&] { keras::to_channels_last(old, "m", true); }), "Keras 1"));
}

TEST(KerasChannelsFirst, InputsThatLayersOfBothReadAreToldByTheirSize) {
  const char* const last = R"(, "data_format": "channels_last")";
  Architecture few = parse(layer("a", "Conv2D", {"in"}, kFirst), last);  // 3 x 6 x 5
  EXPECT_TRUE(keras::to_channels_last(few, "m", false));
  Architecture random = parse(layer("flip", "RandomFlip", {"in"}, kFirst) + layer("a", "Conv2D", {"flip"}, last), last);
  EXPECT_FALSE(keras::to_channels_last(random, "m", false)) << "what does nothing says nothing";
  Architecture unknown = few;
  unknown.nodes.front().attributes["shape"] = keras::list({keras::number(9), keras::number(6), keras::number(9)});
  for (auto& node : unknown.nodes) node.inputs = node.class_name == "InputLayer" ? Names{} : Names{"in"};
  unknown.nodes.back().attributes["data_format"] = keras::text("channels_first");
  EXPECT_TRUE(
      contains(keras_test::error_of("m", [&] { keras::to_channels_last(unknown, "m", false); }), "both data formats"));
}

TEST(KerasChannelsFirst, LeavesOtherModelsAlone) {
  Architecture a = parse(layer("a", "Dense", {"conv"}), R"(, "data_format": "channels_last")");
  EXPECT_FALSE(keras::to_channels_last(a, "m", false));
  EXPECT_EQ(numbers(a, "in", "shape"), (Numbers{3, 6, 5}));
  EXPECT_EQ(a.nodes.size(), 3U);
}

// To these the last dimension or the order of all matters, whatever holds the channels.
TEST(KerasChannelsFirst, KeepsLayersBetweenPermutes) {
  const std::pair<const char*, const char*> kinds[] = {{"Dense", R"(, "units": 7)"},
                                                       {"Permute", R"(, "dims": [1, 3, 2])"},
                                                       {"PReLU", R"(, "shared_axes": [2, 3])"},
                                                       {"LayerNormalization", R"(, "axis": [1, 3])"},
                                                       {"RMSNormalization", R"(, "axis": -1)"},
                                                       {"UnitNormalization", ""},
                                                       {"Softmax", ""},
                                                       {"Activation", R"(, "activation": "softmax")"},
                                                       {"Activation", R"(, "activation": "log_softmax")"}};
  for (const auto& [kind, config] : kinds) {
    SCOPED_TRACE(std::string(kind) + config);
    const auto a = turned(layer("b", kind, {"conv"}, config) + layer("a", "Conv2D", {"b"}, kFirst));
    EXPECT_EQ(node(a, "b").inputs, Names{"b/order"});
    EXPECT_EQ(node(a, "b/order").class_name, "Permute");
    EXPECT_EQ(node(a, "b/order").inputs, Names{"conv"});
    EXPECT_EQ(numbers(a, "b/order", "dims"), (Numbers{3, 1, 2})) << "channels in front";
    EXPECT_EQ(node(a, "b/turned").inputs, Names{"b"});
    EXPECT_EQ(numbers(a, "b/turned", "dims"), (Numbers{2, 3, 1})) << "channels behind";
    EXPECT_EQ(node(a, "a").inputs, Names{"b/turned"});
    EXPECT_EQ(a.nodes.size(), 6U);
    EXPECT_EQ(a.outputs, Names{"a"});
  }
  const auto dims = turned(layer("a", "Permute", {"conv"}, R"(, "dims": [1, 3, 2])"));
  EXPECT_EQ(numbers(dims, "a", "dims"), (Numbers{1, 3, 2}));
  EXPECT_EQ(dims.outputs, Names{"a/turned"});
  const auto axes = turned(layer("a", "LayerNormalization", {"conv"}, R"(, "axis": [1, 3])"));
  EXPECT_EQ(numbers(axes, "a", "axis"), (Numbers{1, 3})) << "as its weights are";
}

TEST(KerasChannelsFirst, JoinsColumns) {
  const auto a = turned(layer("b", "ReLU", {"conv"}) + layer("a", "Concatenate", {"conv", "b"}));
  EXPECT_EQ(node(a, "a").inputs, (Names{"a/order", "a/order:2"}));
  EXPECT_EQ(node(a, "a/order:2").inputs, Names{"b"});
  EXPECT_EQ(node(a, "b").inputs, Names{"conv"});
  EXPECT_EQ(a.outputs, Names{"a/turned"});
}

// Statistics over several axes are in the order of the axes: the layer reads the map as it was.
TEST(KerasChannelsFirst, KeepsStatisticsInOrder) {
  const auto a = turned(layer("a", "Normalization", {"conv"}, R"(, "axis": [1, 2])"));
  EXPECT_EQ(numbers(a, "a", "axis"), (Numbers{1, 2}));
  EXPECT_EQ(a.outputs, Names{"a/turned"});
}

TEST(KerasChannelsFirst, TurnsAxes) {
  const auto axis = [](const char* kind, const std::string& stated) {
    const auto a = turned(layer("a", kind, {"conv"}, R"(, "axis": )" + stated));
    EXPECT_EQ(a.nodes.size(), 3U) << "nothing is permuted";
    return numbers(a, "a", "axis");
  };
  EXPECT_EQ(axis("BatchNormalization", "1"), Numbers{3});
  EXPECT_EQ(axis("BatchNormalization", "[1]"), Numbers{3});
  EXPECT_EQ(axis("BatchNormalization", "2"), Numbers{1});
  EXPECT_EQ(axis("BatchNormalization", "-1"), Numbers{2});
  EXPECT_EQ(axis("GroupNormalization", "-3"), Numbers{3});
  EXPECT_EQ(axis("Softmax", "1"), Numbers{3});
  EXPECT_EQ(axis("Softmax", "[2, 3]"), (Numbers{1, 2}));
  EXPECT_EQ(axis("Normalization", "1"), Numbers{3});
  EXPECT_EQ(numbers(turned(layer("a", "Concatenate", {"conv", "conv"}, R"(, "axis": 1)")), "a", "axis"), Numbers{3});
}

TEST(KerasChannelsFirst, KeepsOperationsWhereverValuesStand) {
  for (const char* function : {"math.sqrt", "math.square", "nn.relu", "math.negative"}) {
    SCOPED_TRACE(function);
    const auto a = turned(operation(function));
    EXPECT_EQ(node(a, "a").inputs, Names{"conv"});
    EXPECT_EQ(a.nodes.size(), 3U);
  }
  EXPECT_EQ(turned(operation("math.multiply", R"("y": 0.5)")).nodes.size(), 3U);
  EXPECT_TRUE(contains(complaint(operation("math.multiply", R"("y": [1.0, 2.0, 3.0])")), "this operation on a map"));
  EXPECT_TRUE(contains(complaint(operation("math.reduce_sum", R"("axis": [2])")), "this operation on a map"));
  EXPECT_TRUE(contains(complaint(operation("split", R"("num_or_size_splits": 2, "axis": 1)")), "on a map"));
  // Vectors have no channels to turn.
  EXPECT_NO_THROW(
      turned(layer("flat", "Flatten", {"conv"}) + operation("math.multiply", R"("y": [1.0, 2.0])", "flat")));
}

TEST(KerasChannelsFirst, RefusesSoftmaxOverColumns) {
  for (const char* kind : {"Conv2D", "DepthwiseConv2D", "Conv2DTranspose"}) {
    EXPECT_TRUE(
        contains(complaint(layer("a", kind, {"conv"}, std::string(R"(, "activation": "softmax")") + kFirst)),
                 "layer 'a' (" + std::string(kind) + "): softmax over columns is not supported in a channels_first"));
  }
  EXPECT_EQ(turned(layer("a", "Dense", {"conv"}, R"(, "activation": "softmax")")).outputs, Names{"a/turned"})
      << "as it is, between maps that are channels first";
}

}  // namespace
}  // namespace fovea::keras_channels_first_test
