// Operations on tensors as Keras 2 and 3 write them, and what the engine computes with them.
#include "loaders/keras/config/operations.h"

#include <gtest/gtest.h>

#include <fovea/keras.h>
#include "loaders/keras/config/architecture.h"
#include "loaders/keras/json/access.h"
#include "loaders/keras/json/json.h"
#include "tests/loaders/keras/models.h"

namespace fovea::keras_operations_test {
namespace {

using keras::Architecture;
using keras_test::contains;
using Numbers = std::vector<std::int64_t>;

std::string input(const std::string& name, const std::string& shape) {
  return R"({"class_name": "InputLayer", "name": ")" + name + R"(", "inbound_nodes": [], "config": {"name": ")" + name +
         R"(", "batch_input_shape": )" + shape + "}}";
}

/// An operation of Keras 2, called as `inbound` says.
std::string operation(const std::string& name, const std::string& function, const std::string& inbound,
                      const std::string& class_name = "TFOpLambda") {
  return R"(, {"class_name": ")" + class_name + R"(", "name": ")" + name + R"(", "config": {"name": ")" + name +
         R"(", "trainable": true, "dtype": "float32", "function": ")" + function + R"("}, "inbound_nodes": [)" +
         inbound + "]}";
}

/// One of Keras 3, called with x alone.
std::string keras_3_operation(const std::string& class_name, const std::string& config) {
  return R"(, {"class_name": ")" + class_name +
         R"(", "module": "keras.src.ops.numpy", "name": "op", "config": {"name": "op")" + config +
         R"(}, "inbound_nodes": [{"args": [{"class_name": "__keras_tensor__", "config": {"keras_history":
         ["x", 0, 0]}}], "kwargs": {}}]})";
}

std::string model(const std::string& operations, const std::string& outputs = R"([["op", 0, 0]])",
                  const std::string& shape = "[null, 5, 7, 3]") {
  return R"({"class_name": "Functional", "name": "f", "config": {"name": "f", "layers": [)" + input("x", shape) +
         operations + R"(], "input_layers": [["x", 0, 0]], "output_layers": )" + outputs + "}}";
}

Architecture parse(const std::string& json) { return keras::parse_architecture(keras::parse_json(json, "m"), "m"); }

std::string complaint(const std::string& json) {
  return keras_test::error_of("m", [&] { parse(json); });
}

/// The attributes of the only operation.
AttributeMap attributes(const std::string& operations) {
  const Architecture a = parse(model(operations));
  EXPECT_EQ(a.nodes.size(), 2U);
  EXPECT_EQ(a.nodes[1].class_name, "Operation");
  EXPECT_EQ(a.nodes[1].inputs, std::vector<std::string>{"x"});
  return a.nodes[1].attributes;
}

std::string text(const AttributeMap& map, const char* key) { return *keras::as<std::string>(map.at(key)); }
std::int64_t number(const AttributeMap& map, const char* key) { return *keras::as<std::int64_t>(map.at(key)); }
bool flag(const AttributeMap& map, const char* key) { return *keras::as<bool>(map.at(key)); }

template <class T>
std::vector<T> all(const AttributeMap& map, const char* key) {
  std::vector<T> values;
  for (const Attribute& item : *keras::as<AttributeList>(map.at(key))) values.push_back(*keras::as<T>(item));
  return values;
}

const char* const kSlice = R"(["x", 0, 0, {"slice_spec": [{"start": null, "stop": null, "step": null},
  {"class_name": "__ellipsis__"}, {"start": null, "stop": null, "step": -1}]}])";

TEST(KerasOperations, Slices) {
  const auto a =
      attributes(operation("op", "__operators__.getitem", "[" + std::string(kSlice) + "]", "SlicingOpLambda"));
  EXPECT_EQ(text(a, "operation"), "get_item");
  const auto& key = *keras::as<AttributeList>(a.at("slice_spec"));
  ASSERT_EQ(key.size(), 3U);
  EXPECT_EQ(text(*keras::as<AttributeMap>(key[1]), "class_name"), "__ellipsis__");
  EXPECT_EQ(number(*keras::as<AttributeMap>(key[2]), "step"), -1);
  EXPECT_EQ(a.count("constant"), 0U);
}

// The index of a whole slice is no constant operand.
TEST(KerasOperations, KeysAreNoConstants) {
  const auto a = attributes(
      R"(, {"class_name": "GetItem", "module": "keras.src.ops.numpy", "name": "op", "config": {"name": "op"},
      "inbound_nodes": [{"args": [{"class_name": "__keras_tensor__", "config": {"keras_history": ["x", 0, 0]}},
      [{"class_name": "__slice__", "config": {"start": null, "stop": null, "step": null}}, 2]], "kwargs": {}}]})");
  EXPECT_EQ(text(a, "operation"), "get_item");
  EXPECT_EQ(keras::as<AttributeList>(a.at("argument 1"))->size(), 2U);
  EXPECT_EQ(a.count("constant"), 0U);
}

// Nor is one of numbers alone, which the engine refuses as one that takes some of the batch.
TEST(KerasOperations, KeysOfNumbersAreNoConstants) {
  const auto a = attributes(
      R"(, {"class_name": "GetItem", "module": "keras.src.ops.numpy", "name": "op", "config": {"name": "op"},
      "inbound_nodes": [{"args": [{"class_name": "__keras_tensor__", "config": {"keras_history": ["x", 0, 0]}}, [0, 2]],
      "kwargs": {}}]})");
  EXPECT_EQ(all<std::int64_t>(a, "argument 1"), (Numbers{0, 2}));
  EXPECT_EQ(a.count("constant"), 0U);
}

TEST(KerasOperations, ConstantsForEachChannel) {
  const auto bias = attributes(
      operation("op", "nn.bias_add", R"([["x", 0, 0, {"bias": [1.5, 2, 3], "data_format": "NHWC", "name": null}]])"));
  EXPECT_EQ(text(bias, "operation"), "bias_add");
  EXPECT_EQ(text(bias, "data_format"), "NHWC");
  EXPECT_EQ(keras::as<AttributeList>(bias.at("constant"))->size(), 3U);
  EXPECT_FALSE(flag(bias, "constant_first"));
  EXPECT_EQ(bias.count("bias"), 0U);
  EXPECT_EQ(bias.count("name"), 0U);

  const auto divided =
      attributes(operation("op", "math.truediv", R"([["x", 0, 0, {"y": [0.5, 4.0, 8.0], "name": null}]])"));
  EXPECT_EQ(text(divided, "operation"), "divide");
  EXPECT_EQ(all<double>(divided, "constant"), (std::vector<double>{0.5, 4, 8}));
  EXPECT_FALSE(flag(divided, "constant_first"));
}

TEST(KerasOperations, ConstantsOnEitherSide) {
  const auto first = attributes(
      operation("op", "math.subtract", R"([["_CONSTANT_VALUE", -1, 3.5, {"y": ["x", 0, 0], "name": null}]])"));
  EXPECT_EQ(text(first, "operation"), "subtract");
  EXPECT_EQ(*keras::as<double>(first.at("constant")), 3.5);
  EXPECT_TRUE(flag(first, "constant_first"));
  const auto second = attributes(operation("op", "math.pow", R"([["x", 0, 0, {"y": 3, "name": null}]])"));
  EXPECT_EQ(text(second, "operation"), "power");
  EXPECT_EQ(number(second, "constant"), 3);
  EXPECT_FALSE(flag(second, "constant_first"));
}

TEST(KerasOperations, Reductions) {
  const auto sum = attributes(
      operation("op", "math.reduce_sum", R"([["x", 0, 0, {"axis": [1, 3], "keepdims": true, "name": null}]])"));
  EXPECT_EQ(text(sum, "operation"), "sum");
  EXPECT_EQ(all<std::int64_t>(sum, "axis"), (Numbers{1, 3}));
  EXPECT_TRUE(flag(sum, "keepdims"));
  EXPECT_EQ(sum.count("constant"), 0U) << "a list of numbers that is a setting";
  EXPECT_EQ(text(attributes(operation("op", "math.reduce_min", R"([["x", 0, 0, {"axis": -1}]])")), "operation"), "min");
  EXPECT_TRUE(
      flag(attributes(operation("op", "reduce_max", R"([["x", 0, 0, {"axis": 1, "keep_dims": true}]])")), "keepdims"));
  EXPECT_EQ(text(attributes(operation("op", "reverse", R"([["x", 0, 0, {"axis": [1]}]])")), "operation"), "flip");
  EXPECT_EQ(all<std::int64_t>(attributes(operation("op", "tile", R"([["x", 0, 0, {"multiples": [1, 2, 1, 3]}]])")),
                              "repeats"),
            (Numbers{1, 2, 1, 3}));
}

/// The results of a split: their attributes, and what the model gives.
Architecture split(const std::string& layer, const std::string& outputs) { return parse(model(layer, outputs)); }

TEST(KerasOperations, SplitsIntoEqualParts) {
  const auto a = split(
      operation("op", "split", R"([["x", 0, 0, {"num_or_size_splits": 3, "axis": 3, "num": null, "name": "s"}]])"),
      R"([["op", 0, 1], ["op", 0, 0]])");
  ASSERT_EQ(a.nodes.size(), 4U);
  for (std::size_t i = 1; i < 4; ++i) {
    EXPECT_EQ(a.nodes[i].name, i == 1 ? "op" : "op/" + std::to_string(i - 1));
    EXPECT_EQ(a.nodes[i].class_name, "Operation");
    EXPECT_EQ(a.nodes[i].inputs, std::vector<std::string>{"x"});
    EXPECT_EQ(text(a.nodes[i].attributes, "operation"), "split_part");
    EXPECT_EQ(number(a.nodes[i].attributes, "sections"), 3);
    EXPECT_EQ(number(a.nodes[i].attributes, "part"), static_cast<std::int64_t>(i) - 1);
    EXPECT_EQ(number(a.nodes[i].attributes, "axis"), 3);
    EXPECT_EQ(a.nodes[i].attributes.count("num_or_size_splits"), 0U);
  }
  EXPECT_EQ(a.outputs, (std::vector<std::string>{"op/1", "op"}));
}

// TensorFlow lists the sizes, Keras 3 where the parts end.
TEST(KerasOperations, SplitsIntoUnequalParts) {
  const auto sizes = split(operation("op", "split", R"([["x", 0, 0, {"num_or_size_splits": [1, 2, 4], "axis": 2}]])"),
                           R"([["op", 0, 2]])");
  ASSERT_EQ(sizes.nodes.size(), 4U);
  EXPECT_EQ(all<std::int64_t>(sizes.nodes[1].attributes, "sizes"), (Numbers{1, 2, 4}));
  EXPECT_EQ(number(sizes.nodes[3].attributes, "part"), 2);
  EXPECT_EQ(sizes.outputs, std::vector<std::string>{"op/2"});
  const auto ends =
      split(keras_3_operation("Split", R"(, "indices_or_sections": [1, 3], "axis": 2)"), R"([["op", 0, 2]])");
  ASSERT_EQ(ends.nodes.size(), 4U);
  EXPECT_EQ(all<std::int64_t>(ends.nodes[2].attributes, "sections"), (Numbers{1, 3}));
  EXPECT_EQ(number(ends.nodes[2].attributes, "part"), 1);
  EXPECT_EQ(ends.nodes[2].attributes.count("indices_or_sections"), 0U);
  const auto equal = split(keras_3_operation("Split", R"(, "indices_or_sections": 7, "axis": 2)"), R"([["op", 0, 6]])");
  EXPECT_EQ(equal.nodes.size(), 8U);
}

// Layers read a part by its number, and each may read another.
TEST(KerasOperations, PartsHaveReaders) {
  const auto a = parse(model(operation("s", "split", R"([["x", 0, 0, {"num_or_size_splits": 3, "axis": -1}]])") +
                             operation("op", "math.add", R"([["s", 0, 2, {"y": ["s", 0, 0], "name": null}]])")));
  ASSERT_EQ(a.nodes.size(), 5U);
  EXPECT_EQ(a.nodes[4].inputs, (std::vector<std::string>{"s/2", "s"}));
}

TEST(KerasOperations, RefusesSplits) {
  const auto refused = [](const std::string& how, const std::string& output = "0") {
    return complaint(model(operation("op", "split", R"([["x", 0, 0, {"axis": 3, )" + how + "}]]"),
                           R"([["op", 0, )" + output + "]]"));
  };
  EXPECT_TRUE(contains(refused(R"("num_or_size_splits": [1, -2])"), "layer 'op' (TFOpLambda): splits in a way"));
  EXPECT_TRUE(contains(refused(R"("num_or_size_splits": [1.5, 2])"), "splits in a way that is not known"));
  EXPECT_TRUE(contains(refused(R"("num_or_size_splits": [9000000000, 1])"), "splits in a way that is not known"));
  EXPECT_TRUE(contains(refused(R"("num_or_size_splits": 0)"), "splits in a way that is not supported"));
  EXPECT_TRUE(contains(refused(R"("num_or_size_splits": -3)"), "splits in a way that is not supported"));
  EXPECT_TRUE(contains(refused(R"("num_or_size_splits": 5000)"), "splits in a way that is not supported"));
  EXPECT_TRUE(contains(refused(R"("num": 3)"), "is called with 'num'"));
  EXPECT_TRUE(
      contains(refused(R"("num_or_size_splits": 3)", "3"), "reads output 3 of layer 'op' (TFOpLambda), which has 3"));
}

/// A TensorFlowOpLayer of TensorFlow 1.15 to 2.3 on x.
std::string node(const std::string& op, const std::string& attributes, const std::string& constants) {
  return R"(, {"class_name": "TensorFlowOpLayer", "name": "op", "config": {"name": "op", "trainable": true,
      "node_def": {"name": "n", "op": ")" +
         op + R"(", "input": ["x", "y"], "attr": {)" + attributes + R"(}}, "constants": {)" + constants +
         R"(}}, "inbound_nodes": [[["x", 0, 0, {}]]]})";
}

TEST(KerasOperations, TensorFlowNodes) {
  const auto sum = attributes(node("AddV2", R"("T": {"type": "DT_FLOAT"})", R"("1": 2.5)"));
  EXPECT_EQ(text(sum, "operation"), "add");
  EXPECT_EQ(*keras::as<double>(sum.at("constant")), 2.5);
  EXPECT_FALSE(flag(sum, "constant_first"));
  EXPECT_EQ(sum.count("T"), 0U) << "of no use to the result";
  EXPECT_TRUE(flag(attributes(node("Sub", "", R"("0": 1)")), "constant_first"));
  const auto bias = attributes(node("BiasAdd", R"("data_format": {"s": "TkhXQw=="})", R"("1": [1.0, 2.0, 3.0])"));
  EXPECT_EQ(text(bias, "data_format"), "NHWC");
  EXPECT_EQ(all<double>(bias, "constant"), (std::vector<double>{1, 2, 3}));
  const auto mean = attributes(node("Mean", R"("keep_dims": {"b": true})", R"("1": [1, 2])"));
  EXPECT_EQ(text(mean, "operation"), "mean");
  EXPECT_EQ(all<std::int64_t>(mean, "axis"), (Numbers{1, 2}));
  EXPECT_TRUE(flag(mean, "keepdims"));
  const auto squeezed = attributes(node("Squeeze", R"("squeeze_dims": {"list": {"i": ["1", "-1"]}})", ""));
  EXPECT_EQ(all<std::int64_t>(squeezed, "axis"), (Numbers{1, -1}));
  EXPECT_EQ(number(attributes(node("DepthToSpace", R"("block_size": {"i": "2"})", "")), "block_size"), 2);
  EXPECT_EQ(*keras::as<double>(attributes(node("LeakyRelu", R"("alpha": {"f": 0.25})", "")).at("alpha")), 0.25);
  EXPECT_EQ(text(attributes(node("Fold", "", "")), "operation"), "Fold") << "for the engine to refuse";
  EXPECT_TRUE(contains(complaint(model(node("Relu", "", R"("1": 3)"))), "a constant for operand 1 is not supported"));
}

TEST(KerasOperations, ConstantsAmongTensorsAreNotLost) {
  EXPECT_TRUE(contains(complaint(model(node("ConcatV2", "", R"("0": [[[[1.0]]]], "2": -1)"))), "constants among"));
}

// A split may be called again with another number of parts; no call is part of another.
TEST(KerasOperations, SplitsDifferFromCallToCall) {
  const auto a = parse(model(operation("op", "split", R"([["x", 0, 0, {"num_or_size_splits": 1, "axis": -1}]],
                                                         [["x", 0, 0, {"num_or_size_splits": 3, "axis": -1}]])"),
                             R"([["op", 1, 2]])"));
  EXPECT_EQ(a.nodes.size(), 5U);
}

TEST(KerasOperations, AreKnownWhateverTheirModule) {
  std::string json = operation("op", "math.square", R"([["x", 0, 0, {}]])");
  json.insert(json.find("\"name\""), R"("module": "keras.src.layers.core.tf_op_layer", )");
  EXPECT_EQ(text(attributes(json), "operation"), "square");
  EXPECT_EQ(text(attributes(operation("op", "compat.v1.image.resize", R"([["x", 0, 0, {}]])")), "operation"),
            "compat.v1.image.resize")
      << "for the engine to refuse";
}

// Every call has the settings of the layer once more.
TEST(KerasOperations, SettingsOfManyCallsAreBounded) {
  std::string many = "[0", calls;
  for (int i = 0; i < 50000; ++i) many += ",0";
  for (int i = 0; i < 200; ++i) calls += (i == 0 ? "" : ",") + std::string(R"([["x", 0, 0, {}]])");
  const std::string layer = R"(, {"class_name": "ReLU", "name": "op", "config": {"name": "op", "trainable": true,
      "secret": )" + many + R"(]}, "inbound_nodes": [)" +
                            calls + "]}";
  EXPECT_TRUE(contains(complaint(model(layer)), "too many settings"));
}

// x[:, ::-1, 2, None, ..., 1:5]: the masks have a bit for each part.
TEST(KerasOperations, WhatIsNoNumberIsCalledWhatItIs) {
  const std::string shape = operation("size", "compat.v1.shape", R"(["x", 0, 0, {}])");
  EXPECT_TRUE(
      contains(complaint(model(shape, R"([["size", 0, 0]])")), "'size' (TFOpLambda): sizes taken from another"));
  const std::string resize = operation("op", "image.resize", R"(["x", 0, 0, {"size": ["x", 0, 0]}])");
  EXPECT_TRUE(contains(complaint(model(resize)), "'op' (TFOpLambda): sizes taken from another tensor's shape"));
  EXPECT_EQ(complaint(model(operation("op", "image.resize", R"(["x", 0, 0, {"size": [2, 3]}])"))), "no error");
  const std::string einsum = operation("op", "einsum", R"(["_CONSTANT_VALUE", -1, "bhwc,cd->bhwd", {}])");
  EXPECT_TRUE(contains(complaint(model(einsum)), "the operation 'einsum' with a constant"));
}

TEST(KerasOperations, TensorFlowSlices) {
  const auto a = attributes(node("StridedSlice",
                                 R"("begin_mask": {"i": "3"}, "end_mask": {"i": "3"}, "shrink_axis_mask": {"i": "4"},
      "new_axis_mask": {"i": "8"}, "ellipsis_mask": {"i": "16"})",
                                 R"("1": [0, 0, 2, 0, 0, 1], "2": [0, 0, 3, 0, 0, 5], "3": [1, -1, 1, 1, 1, 1])"));
  EXPECT_EQ(text(a, "operation"), "get_item");
  const auto& key = *keras::as<AttributeList>(a.at("slice_spec"));
  ASSERT_EQ(key.size(), 6U);
  const auto part = [&](std::size_t i) { return *keras::as<AttributeMap>(key[i]); };
  for (const std::size_t i : {0U, 1U}) {
    EXPECT_TRUE(part(i).at("start").is_null());
    EXPECT_TRUE(part(i).at("stop").is_null());
  }
  EXPECT_EQ(number(part(0), "step"), 1);
  EXPECT_EQ(number(part(1), "step"), -1);
  EXPECT_EQ(*keras::as<std::int64_t>(key[2]), 2);
  EXPECT_TRUE(key[3].is_null());
  EXPECT_EQ(text(part(4), "class_name"), "__ellipsis__");
  EXPECT_EQ(number(part(5), "start"), 1);
  EXPECT_EQ(number(part(5), "stop"), 5);
  EXPECT_TRUE(contains(complaint(model(node("StridedSlice", "", R"("1": [0, 0], "2": [0], "3": [1, 1])"))),
                       "its slices differ in length"));
}

// What the loader calls a setting the engine must call the same.
TEST(KerasOperations, AreComputed) {
  const keras_test::Folder folder;
  const std::string path = folder.path("operations.h5");
  {
    const keras_test::H5Writer writer(path);
    const std::string layers =
        operation("turned", "__operators__.getitem", "[" + std::string(kSlice) + "]", "SlicingOpLambda") +
        operation("biased", "nn.bias_add",
                  R"([["turned", 0, 0, {"bias": [1, 2, 3, 4], "data_format": "NHWC", "name": null}]])") +
        operation("scaled", "math.truediv", R"([["biased", 0, 0, {"y": [1.0, 2.0, 4.0, 0.5], "name": null}]])") +
        operation("parts", "split", R"([["scaled", 0, 0, {"num_or_size_splits": [1, 3], "axis": -1}]])") +
        operation("op", "math.reduce_sum", R"([["parts", 0, 1, {"axis": [1], "keepdims": false, "name": null}]])");
    keras_test::write_config(writer, model(layers, R"([["op", 0, 0]])", "[null, 2, 1, 4]"));
    keras_test::write_weights(writer, "model_weights",
                              keras_test::parse_layers("x\nturned\nbiased\nscaled\nparts\nop\n"));
  }
  Session session(load_model(path));
  const float image[] = {10, 20, 30, 40, 50, 60, 70, 80};
  std::copy(std::begin(image), std::end(image), session.input().begin());
  session.run();
  // Turned 40 30 20 10 and 80 70 60 50; with bias 41 32 23 14 and 81 72 63 54; of the last three sums by column.
  const std::vector<float> got(session.output().begin(), session.output().end());
  EXPECT_EQ(got, (std::vector<float>{(32 + 72) / 2.0F, (23 + 63) / 4.0F, (14 + 54) / 0.5F}));
}

}  // namespace
}  // namespace fovea::keras_operations_test
