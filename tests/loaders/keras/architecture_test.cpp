// Sequential and Functional configurations of Keras 2 and 3, nested ones, and broken ones.
#include "loaders/keras/config/architecture.h"

#include <gtest/gtest.h>

#include "loaders/keras/json/access.h"
#include "loaders/keras/json/json.h"
#include "tests/loaders/keras/files.h"

namespace fovea::keras_architecture_test {
namespace {

using keras::Architecture;
using keras_test::contains;
using Names = std::vector<std::string>;

Architecture parse(const std::string& json) { return keras::parse_architecture(keras::parse_json(json, "m"), "m"); }

std::string complaint(const std::string& json) {
  return keras_test::error_of("m", [&] { parse(json); });
}

/// "name <- inputs" of each node.
Names graph(const Architecture& architecture) {
  Names lines;
  for (const auto& node : architecture.nodes) {
    std::string line = node.name + " <-";
    for (const auto& input : node.inputs) line += " " + input;
    lines.push_back(line);
  }
  return lines;
}

/// The input's shape as text, "?" for null.
std::string shape_of(const Architecture& architecture, std::size_t node = 0) {
  std::string text;
  for (const auto& dim : *keras::as<AttributeList>(architecture.nodes[node].attributes.at("shape"))) {
    text += (text.empty() ? "" : "x") + (dim.is_null() ? "?" : std::to_string(*keras::as<std::int64_t>(dim)));
  }
  return text;
}

std::string sequential(const std::string& layers, const std::string& more = "") {
  return R"({"class_name": "Sequential", "config": {"name": "s", "layers": [)" + layers + "]" + more + "}}";
}

constexpr const char* kInput =
    R"({"class_name": "InputLayer", "name": "in", "inbound_nodes": [],
        "config": {"name": "in", "batch_shape": [null, 8, 8, 3]}})";

/// A Functional layer with Keras 2's `inbound_nodes`.
std::string layer(const std::string& name, const std::string& calls, const std::string& class_name = "ReLU",
                  const std::string& config = "") {
  return R"({"class_name": ")" + class_name + R"(", "name": ")" + name +
         R"(", "config": {"trainable": true, "name": ")" + name + "\"" + config + R"(}, "inbound_nodes": )" + calls +
         "}";
}

std::string functional(const std::string& layers, const std::string& outputs, const std::string& name = "f",
                       const std::string& inputs = R"([["in", 0, 0]])") {
  return R"({"class_name": "Functional", "name": ")" + name + R"(", "config": {"trainable": true, "name": ")" + name +
         R"(", "layers": [)" + layers + R"(], "input_layers": )" + inputs + R"(, "output_layers": )" + outputs + "}";
}

TEST(KerasSequential, ChainsItsLayers) {
  const auto a = parse(sequential(std::string(kInput) + R"(, {"class_name": "A", "config": {"name": "a", "x": [1]}},
                                                           {"class_name": "B", "config": {"name": "b"}})"));
  EXPECT_EQ(graph(a), (Names{"in <-", "a <- in", "b <- a"}));
  EXPECT_EQ(shape_of(a), "8x8x3");
  EXPECT_EQ(a.name, "s");
  EXPECT_EQ(a.outputs, Names{"b"});
  ASSERT_EQ(a.layers.size(), 2U) << "as model.layers, without the input";
  EXPECT_EQ(a.layers[0].name, "a");
  EXPECT_TRUE(keras::as<AttributeList>(a.nodes[1].attributes.at("x")));
}

TEST(KerasSequential, FindsTheInputShapeWithoutAnInputLayer) {
  const std::string first = R"({"class_name": "A", "config": {"name": "a", "batch_input_shape": [null, null, 5, 1]}})";
  EXPECT_EQ(shape_of(parse(sequential(first))), "?x5x1");
  EXPECT_EQ(graph(parse(sequential(first))), (Names{"a_input <-", "a <- a_input"}));
  const std::string bare = R"({"class_name": "A", "config": {"name": "a"}})";
  EXPECT_EQ(shape_of(parse(sequential(bare, R"(, "build_input_shape": [null, 4, 4, 2])"))), "4x4x2");
  EXPECT_EQ(shape_of(parse(R"({"class_name": "Sequential", "build_config": {"input_shape": [null, 6, 6, 1]},
                               "config": {"name": "s", "layers": [)" +
                           bare + "]}}")),
            "6x6x1");
  EXPECT_EQ(shape_of(parse(R"({"class_name": "Sequential", "config": [)" + first + "]}")), "?x5x1") << "Keras < 2.2.3";
  EXPECT_EQ(shape_of(parse(sequential(sequential(first) + "," + bare))), "?x5x1") << "from a nested model";
  EXPECT_TRUE(contains(complaint(sequential(bare)), "does not state the shape of its input"));
}

TEST(KerasSequential, PassesOnWhatAnInputLayerInItsMiddleGets) {
  const auto a = parse(sequential(std::string(kInput) + R"(, {"class_name": "A", "config": {"name": "a"}},
      {"class_name": "InputLayer", "config": {"name": "again", "batch_input_shape": [null, 28, 28, 1]}},
      {"class_name": "B", "config": {"name": "b"}})"));
  EXPECT_EQ(graph(a), (Names{"in <-", "a <- in", "b <- a"}));
  EXPECT_EQ(a.inputs, Names{"in"});
  EXPECT_EQ(a.layers.size(), 3U) << "as model.layers";
}

TEST(KerasFunctional, ReadsKeras2Calls) {
  const auto a = parse(functional(std::string(kInput) + "," + layer("p", R"([[["in", 0, 0, {}]]])") + "," +
                                      layer("q", R"([[["p", 0, 0, {"training": false, "mask": null}]]])") + "," +
                                      layer("sum", R"([[["q", 0, 0, {}], ["p", 0, 0]]])", "Add"),
                                  R"([["sum", 0, 0]])") +
                       "}");
  EXPECT_EQ(graph(a), (Names{"in <-", "p <- in", "q <- p", "sum <- q p"}));
  EXPECT_EQ(a.inputs, Names{"in"});
  EXPECT_EQ(a.outputs, Names{"sum"});
  EXPECT_EQ(a.layers.size(), 4U) << "as model.layers, with the input";
  for (const auto& node : a.nodes) EXPECT_EQ(node.attributes.count("call_arguments"), 0U) << node.name;
}

TEST(KerasFunctional, ReadsKeras3Calls) {
  const auto tensor = [](const std::string& name) {
    return R"({"class_name": "__keras_tensor__", "config": {"shape": [null, 8], "keras_history": [")" + name +
           R"(", 0, 0]}})";
  };
  const auto call = [](const std::string& args, const std::string& kwargs = "{}") {
    return R"([{"args": [)" + args + R"(], "kwargs": )" + kwargs + "}]";
  };
  const auto a = parse(functional(std::string(kInput) + "," + layer("p", call(tensor("in"), R"({"mask": null})")) +
                                      "," + layer("q", call("", R"({"inputs": )" + tensor("p") + "}")) + "," +
                                      layer("sum", call("[" + tensor("q") + "," + tensor("p") + "]"), "Add") + "," +
                                      layer("twice", call(tensor("sum") + ", 2.0"), "Multiply"),
                                  R"(["twice", 0, 0])") +
                       "}");
  EXPECT_EQ(graph(a), (Names{"in <-", "p <- in", "q <- p", "sum <- q p", "twice <- sum"}));
  EXPECT_EQ(a.outputs, Names{"twice"});
  const auto* arguments = keras::as<AttributeMap>(a.nodes[4].attributes.at("call_arguments"));
  ASSERT_NE(arguments, nullptr) << "the constant must not vanish: no layer knows it";
  EXPECT_EQ(arguments->count("argument 1"), 1U);
}

TEST(KerasFunctional, LeavesOutArgumentsThatAreNothing) {
  const auto a = parse(
      functional(
          std::string(kInput) + "," +
              layer("p",
                    R"([[["in", 0, 0, {"mask": [null, null], "training": false, "axes": [], "scale": [null, 1]}]]])"),
          R"([["p", 0, 0]])") +
      "}");
  const auto* arguments = keras::as<AttributeMap>(a.nodes[1].attributes.at("call_arguments"));
  ASSERT_NE(arguments, nullptr);
  Names kept;
  for (const auto& argument : *arguments) kept.push_back(argument.first);
  EXPECT_EQ(kept, (Names{"axes", "scale"})) << "an empty list is a value";
}

TEST(KerasFunctional, TakesLayersInAnyOrder) {
  const auto a =
      parse(functional(layer("q", R"([[["p", 0, 0]]])") + "," + layer("p", R"([[["in", 0, 0]]])") + "," + kInput,
                       R"([["q", 0, 0]])") +
            "}");
  EXPECT_EQ(graph(a), (Names{"in <-", "p <- in", "q <- p"}));
  EXPECT_EQ(a.layers[0].name, "q") << "weights go by the configuration's order";
}

/// A backbone with two layers called inside another model.
std::string backbone(const std::string& name, const std::string& call, const std::string& flags = "") {
  return functional(std::string(kInput) + "," + layer("c1", R"([[["in", 0, 0]]])", "Conv2D", flags) + "," +
                        layer("c2", R"([[["c1", 0, 0]]])", "Conv2D"),
                    R"([["c2", 0, 0]])", name) +
         (call.empty() ? "" : R"(, "inbound_nodes": )" + call) + "}";
}

TEST(KerasNested, PutsAFunctionalModelInPlace) {
  const auto a = parse(functional(std::string(kInput) + "," + layer("pre", R"([[["in", 0, 0]]])") + "," +
                                      backbone("net", R"([[["pre", 0, 0]]])", R"(, "trainable": false)") + "," +
                                      layer("head", R"([[["net", 1, 0]]])"),
                                  R"([["head", 0, 0]])") +
                       "}");
  EXPECT_EQ(graph(a), (Names{"in <-", "pre <- in", "net/c1 <- pre", "net/c2 <- net/c1", "head <- net/c2"}));
  ASSERT_EQ(a.layers.size(), 4U);
  EXPECT_EQ(a.layers[2].nodes, (std::vector<std::size_t>{2, 3}));
  EXPECT_EQ(a.nodes[2].own_name, "c1");
  EXPECT_FALSE(a.nodes[2].trainable);
  EXPECT_TRUE(a.nodes[3].trainable);
}

TEST(KerasNested, PutsModelsInASequentialAndDeeper) {
  const std::string inner =
      R"({"class_name": "Sequential", "config": {"name": "mid", "trainable": false, "layers": [)" +
      backbone("net", "") + R"(, {"class_name": "B", "config": {"name": "b"}}]}})";
  const auto a =
      parse(sequential(std::string(kInput) + "," + inner + R"(, {"class_name": "C", "config": {"name": "c"}})"));
  EXPECT_EQ(graph(a),
            (Names{"in <-", "mid/net/c1 <- in", "mid/net/c2 <- mid/net/c1", "mid/b <- mid/net/c2", "c <- mid/b"}));
  EXPECT_FALSE(a.nodes[1].trainable) << "frozen with the model around it";
  EXPECT_TRUE(a.nodes[4].trainable);
  std::string deep = backbone("net", "");
  for (int i = 0; i < 80; ++i) deep = sequential(deep);
  EXPECT_TRUE(contains(complaint(deep), "nested too deeply"));
}

TEST(KerasArchitecture, CallsALayerTwice) {
  const auto a = parse(
      functional(std::string(kInput) + "," + layer("d", R"([[["in", 0, 0]], [["d", 0, 0]], [["d", 1, 0]]])", "Dense"),
                 R"([["d", 2, 0]])") +
      "}");
  ASSERT_EQ(a.nodes.size(), 4U);
  EXPECT_EQ(a.nodes[1].name, "d");
  EXPECT_FALSE(a.nodes[1].shares);
  EXPECT_EQ(a.nodes[3].name, "d:3");
  EXPECT_EQ(a.nodes[3].inputs, std::vector<std::string>{"d:2"});
  EXPECT_EQ(a.nodes[3].shares, 1U);
  EXPECT_EQ(a.outputs, std::vector<std::string>{"d:3"});
  EXPECT_TRUE(
      contains(complaint(functional(std::string(kInput) + "," + layer("d", R"([[["in", 0, 0]], [["d", 0, 0]]])"),
                                    R"([["d", 2, 0]])") +
                         "}"),
               "reads call 2 of layer 'd', which has 2"));
}

// Keras 2 counts a nested model's own call, Keras 3 only in the outputs.
TEST(KerasArchitecture, CallsAModelTwice) {
  const auto twice = [](const std::string& inbound, const std::string& sum, const std::string& outputs) {
    return parse(
        functional(std::string(kInput) + "," + backbone("net", inbound) + "," + layer("sum", sum, "Add"), outputs) +
        "}");
  };
  const auto keras_3 = [](const std::string& layer, int call) {
    return R"({"class_name": "__keras_tensor__", "config": {"keras_history": [")" + layer + "\", " +
           std::to_string(call) + ", 0]}}";
  };
  const Names want = {"in <-",
                      "net/c1 <- in",
                      "net/c2 <- net/c1",
                      "net:2/c1 <- net/c2",
                      "net:2/c2 <- net:2/c1",
                      "sum <- net:2/c2 net/c2"};
  const auto old = twice(R"([[["in", 0, 0]], [["net", 1, 0]]])", R"([[["net", 2, 0], ["net", 1, 0]]])",
                         R"([["sum", 0, 0], ["net", 1, 0]])");
  EXPECT_EQ(graph(old), want);
  EXPECT_EQ(old.outputs, (Names{"sum", "net/c2"}));
  const auto now = twice(R"([{"args": [)" + keras_3("in", 0) + R"(]}, {"args": [)" + keras_3("net", 0) + "]}]",
                         R"([{"args": [[)" + keras_3("net", 1) + "," + keras_3("net", 0) + "]]}]",
                         R"([["sum", 0, 0], ["net", 1, 0]])");
  EXPECT_EQ(graph(now), want);
  EXPECT_EQ(now.outputs, (Names{"sum", "net/c2"}));
}

TEST(KerasArchitecture, ReadsOperations) {
  const auto a = parse(
      functional(std::string(kInput) + R"(, {"class_name": "Subtract", "module": "keras.src.ops.numpy", "name": "s",
        "config": {"name": "s"}, "inbound_nodes": [{"args": [1.5, {"class_name": "__keras_tensor__",
        "config": {"keras_history": ["in", 0, 0]}}], "kwargs": {}}]})",
                 R"([["s", 0, 0]])") +
      "}");
  ASSERT_EQ(a.nodes.size(), 2U);
  EXPECT_EQ(a.nodes[1].class_name, "Operation");
  EXPECT_EQ(std::get<std::string>(a.nodes[1].attributes.at("operation").value()), "subtract");
  EXPECT_EQ(std::get<double>(a.nodes[1].attributes.at("constant").value()), 1.5);
  EXPECT_TRUE(std::get<bool>(a.nodes[1].attributes.at("constant_first").value()));
}

TEST(KerasArchitecture, NamesWhatIsNotSupported) {
  EXPECT_TRUE(contains(
      complaint(functional(std::string(kInput) + "," + layer("d", R"([[["in", 0, 1]]])"), R"([["d", 0, 0]])") + "}"),
      "layer 'd' (ReLU): reads output 1 of layer 'in' (InputLayer), of which one output is supported"));
  const auto a = parse(sequential(std::string(kInput) +
                                  R"(, {"class_name": "Lambda", "config": {"name": "l", "function": ["c\u0001"]}})"));
  EXPECT_EQ(a.nodes[1].class_name, "Lambda") << "for the engine to refuse, with all others";
}

TEST(KerasArchitecture, NamesWhatIsBroken) {
  const auto with = [](const std::string& layers, const std::string& outputs = R"([["a", 0, 0]])") {
    return complaint(functional(std::string(kInput) + "," + layers, outputs) + "}");
  };
  EXPECT_EQ(with(layer("a", R"([[["ghost", 0, 0]]])")),
            "layer 'a' (ReLU): refers to 'ghost', which is not in the model");
  EXPECT_TRUE(
      contains(with(layer("a", R"([[["b", 0, 0]]])") + "," + layer("b", R"([[["a", 0, 0]]])")), "part of a cycle"));
  EXPECT_EQ(with(layer("a", "[]")), "layer 'a' (ReLU): has no inputs");
  EXPECT_TRUE(
      contains(with(layer("a", R"([[["in", 0, 0]]])") + "," + layer("a", R"([[["in", 0, 0]]])")), "used twice"));
  EXPECT_TRUE(contains(with(layer("a", R"([[["in", 0]]])")), "too few parts"));
  EXPECT_TRUE(contains(with(layer("a", R"([[["in", 0, -1]]])")), "no tensor number"));
  EXPECT_TRUE(contains(with(layer("a", R"({"a": 1})")), "'inbound_nodes': is not a list"));
  EXPECT_TRUE(contains(with(layer("a", R"([[["in", 0, 0]]])"), "[]"), "has no outputs"));
  EXPECT_TRUE(contains(with(layer("a", R"([[["in", 0, 0]]])"), R"([["z", 0, 0]])"), "'z', which is not in the model"));
  EXPECT_TRUE(contains(with(R"({"class_name": "InputLayer", "name": "j", "config": {}, "inbound_nodes": []})"),
                       "layer 'j' (InputLayer): is not among the model's inputs"));
  EXPECT_TRUE(contains(complaint(sequential("")), "has no layers"));
  EXPECT_TRUE(contains(complaint(sequential("7")), "a layer: is not an object"));
  EXPECT_TRUE(
      contains(complaint(sequential(R"({"class_name": "InputLayer", "config": {"batch_shape": [null, 0, 3]}})")),
               "'batch_shape' is not a shape"));
  EXPECT_EQ(complaint(R"({"class_name": "Functional", "config": {"name": "f"}})"), "has no 'layers'");
}

}  // namespace
}  // namespace fovea::keras_architecture_test
