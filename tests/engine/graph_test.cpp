// From a description to a graph: order, and what is refused.
#include "engine/graph/graph.h"

#include <algorithm>

#include "tests/support/layer_test.h"

namespace fovea::test {
namespace {

NodeDesc node(const std::string& class_name, const std::string& name, std::vector<std::string> inputs,
              AttributeMap attributes = {}) {
  return {LayerConfig(class_name, name, std::move(attributes), {}), std::move(inputs)};
}

NodeDesc input(const std::string& name) {
  return node("InputLayer", name, {}, {{"shape", list({value(4), value(4), value(3)})}});
}

ModelDesc desc(std::vector<NodeDesc> nodes, std::vector<std::string> inputs, std::vector<std::string> outputs) {
  ModelDesc d;
  d.nodes = std::move(nodes);
  d.inputs = std::move(inputs);
  d.outputs = std::move(outputs);
  return d;
}

std::vector<std::string> names(const Graph& graph) {
  std::vector<std::string> all;
  for (const Node& n : graph.nodes()) all.push_back(n.layer->name());
  return all;
}

TEST(Graph, SortsWhateverTheFilesOrder) {
  ModelBuilder net({6, 6, 3}, true);
  const std::string a = net.conv({.filters = 4}), b = net.relu(a), c = net.relu(a);
  net.add("Add", {}, {}, {c, b});
  std::vector<std::size_t> order = {0, 1, 2, 3, 4};
  const std::vector<float> image = net.image(0);
  const std::vector<Ref> want = oracle(net.desc(), image);
  do {
    ModelDesc shuffled = net.desc();
    for (std::size_t i = 0; i < order.size(); ++i) shuffled.nodes[i] = net.desc().nodes[order[i]];
    Graph graph(shuffled);
    ASSERT_EQ(graph.nodes().size(), 5u);
    for (std::size_t i = 0; i < graph.nodes().size(); ++i) {
      for (const int read : graph.nodes()[i].inputs) ASSERT_LT(read, static_cast<int>(i));
    }
    assign_layouts(graph);
    const auto got = GraphRunner(std::move(graph), *usable_tables().front()).run({image});
    ASSERT_TRUE(all_exact(got[0], want));
  } while (std::next_permutation(order.begin(), order.end()));
}

TEST(Graph, KeepsTheFilesOrderWhereItCan) {
  const Graph graph(
      desc({input("in"), node("ReLU", "a", {"in"}), node("ReLU", "b", {"in"}), node("Add", "sum", {"b", "a"})}, {"in"},
           {"sum"}));
  EXPECT_EQ(names(graph), (std::vector<std::string>{"in", "a", "b", "sum"}));
  EXPECT_EQ(graph.nodes()[3].inputs, (std::vector<int>{2, 1}));
}

TEST(Graph, RefusesCycles) {
  expect_error<Error>(desc({input("in"), node("Add", "a", {"in", "b"}), node("ReLU", "b", {"a"})}, {"in"}, {"b"}),
                      {"cycle"});
  expect_error<Error>(desc({input("in"), node("Add", "a", {"in", "a"})}, {"in"}, {"a"}), {"cycle"});
}

TEST(Graph, RefusesBrokenReferences) {
  const std::vector<NodeDesc> good = {input("in"), node("ReLU", "a", {"in"})};
  expect_error<Error>(desc({input("in"), input("in")}, {"in"}, {"in"}), {"two layers are named 'in'"});
  expect_error<Error>(desc({input("in"), node("ReLU", "a", {"nobody"})}, {"in"}, {"a"}),
                      {"layer 'a'", "'nobody'", "does not exist"});
  expect_error<Error>(desc(good, {"nobody"}, {"a"}), {"the model", "'nobody'", "does not exist"});
  expect_error<Error>(desc(good, {"in"}, {"nobody"}), {"the model", "'nobody'", "does not exist"});
  expect_error<Error>(desc({}, {"in"}, {"a"}), {"'in'", "does not exist"});
  expect_error<Error>(desc({input("in"), node("ReLU", "a", {})}, {"in"}, {"a"}), {"layer 'a' (ReLU)", "has no inputs"});
  expect_error<Error>(
      desc({input("in"), node("InputLayer", "b", {"in"}, {{"shape", list({value(3)})}})}, {"in", "b"}, {"b"}),
      {"layer 'b' (InputLayer)", "has inputs"});
}

TEST(Graph, RefusesModelsWithoutInputsOrOutputs) {
  expect_error<Error>(desc({input("a"), node("ReLU", "b", {"a"})}, {}, {"b"}), {"has no inputs"});
  expect_error<Error>(desc({input("a"), node("ReLU", "b", {"a"})}, {"a"}, {}), {"has no outputs"});
  const std::vector<std::string> outputs(10001, "b");
  expect_error<Error>(desc({input("a"), node("ReLU", "b", {"a"})}, {"a"}, outputs), {"too many outputs"});
}

// An input that nobody would write, or one of two names, and a layer's result is no place to write one.
TEST(Graph, RefusesInputsThatAreNone) {
  expect_error<Error>(desc({input("a"), input("b"), node("Add", "c", {"a", "b"})}, {"a"}, {"c"}),
                      {"layer 'b' (InputLayer)", "not an input of the model"});
  expect_error<Error>(desc({input("a"), node("ReLU", "b", {"a"})}, {"a", "a"}, {"b"}), {"input 'a' twice"});
  expect_error<Error>(desc({input("a"), node("ReLU", "b", {"a"})}, {"b"}, {"b"}), {"'b'", "ReLU"});
}

TEST(Graph, NamesEverythingUnsupportedAtOnce) {
  expect_error<UnsupportedError>(desc({input("in"), node("Lambda", "scale", {"in"}), node("ReLU", "fine", {"scale"}),
                                       node("LSTM", "memory", {"fine"}),
                                       node("UpSampling2D", "rows", {"memory"}, {{"interpolation", value("lanczos3")}}),
                                       node("Activation", "act", {"rows"}, {{"activation", value("sparsemax")}})},
                                      {"in"}, {"act"}),
                                 {"'scale' (Lambda)", "'memory' (LSTM)",
                                  "layer 'rows' (UpSampling2D): ", "layer 'act' (Activation): activation 'sparsemax'"});
}

// What only shapes show is in the same list, and an error that merely follows does not hide it.
TEST(Graph, NamesUnsupportedShapesWithTheRest) {
  ModelBuilder net({4, 4, 3});
  const std::string pooled = net.pool("MaxPooling2D", {});
  net.add("UpSampling2D", {{"interpolation", value("lanczos3")}}, {}, {pooled});
  net.add("UnitNormalization", {{"axis", value(0)}}, {}, {"input"});
  expect_error<UnsupportedError>(net.desc(), {"layer 'layer2' (UpSampling2D)", "layer 'layer3' (UnitNormalization)"});
  net.add("MaxPooling2D", {{"pool_size", value(9)}}, {}, {"input"});
  expect_error<UnsupportedError>(net.desc(), {"layer 'layer2' (UpSampling2D)"});
}

TEST(Graph, RefusesResultsThatAreTooLarge) {
  ModelBuilder net({1000, 1000, 1});
  net.conv({.filters = 100});
  EXPECT_NO_THROW(Graph{net.desc()});
  net.conv({.filters = 1100});
  expect_error<Error>(net.desc(), {"layer 'layer2'", "1000x1000x1100", "too large"});
  ModelBuilder grown({1 << 20, 1, 64});
  grown.zero_padding(0, 0, 65536, 65536);
  expect_error<Error>(grown.desc(), {"layer 'layer1'", "1048576x131073x64", "too large"});
}

TEST(Graph, RefusesTooManyLayers) {
  std::vector<NodeDesc> nodes = {input("0")};
  for (int i = 1; i < 10000; ++i) nodes.push_back(node("ReLU", std::to_string(i), {std::to_string(i - 1)}));
  const auto model = Model::create(desc(nodes, {"0"}, {"9999"}));
  EXPECT_EQ(model->output_shape(), (Shape{4, 4, 3}));
  nodes.push_back(node("ReLU", "10000", {"9999"}));
  expect_error<UnsupportedError>(desc(nodes, {"0"}, {"10000"}), {"more than 10000 layers"});
}

TEST(Graph, OnlyReader) {
  const Graph graph(desc({input("in"), node("ReLU", "a", {"in"}), node("ReLU", "b", {"a"}),
                          node("Add", "c", {"b", "a"}), node("Add", "d", {"c", "c"})},
                         {"in"}, {"d"}));
  EXPECT_EQ(graph.only_reader(0), 1);
  EXPECT_EQ(graph.only_reader(1), -1);  // two readers
  EXPECT_EQ(graph.only_reader(2), 3);
  EXPECT_EQ(graph.only_reader(3), -1);  // one reader that reads it twice
  EXPECT_EQ(graph.only_reader(4), -1);  // the model's output
}

// An activation that a layer cannot apply itself becomes a node behind it, under the layer's name and its own.
TEST(Graph, TakesActivationsOut) {
  ModelBuilder net({4, 4, 3});
  net.conv({.filters = 2, .activation = "softmax"});
  net.relu();
  const Graph graph(net.desc());
  EXPECT_EQ(names(graph), (std::vector<std::string>{"input", "layer1", "layer1/softmax", "layer2"}));
  EXPECT_EQ(graph.nodes()[3].inputs, std::vector<int>{2});
}

}  // namespace
}  // namespace fovea::test
