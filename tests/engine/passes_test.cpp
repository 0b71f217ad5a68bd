// Each pass: what it absorbs, what it must leave alone. That results stay the same is what every test of a layer checks
// as well (LayerTest::expect_matches runs with and without passes).
#include "engine/passes/passes.h"

#include "tests/engine/networks.h"
#include "tests/support/layer_test.h"

namespace fovea::test {
namespace {

using Names = std::vector<std::string>;

// "layer: absorbed, absorbed" for every node that is left.
Names nodes(const Graph& graph) {
  Names all;
  for (const Node& node : graph.nodes()) {
    if (!node.layer) continue;
    std::string text = node.layer->name();
    for (std::size_t i = 0; i < node.absorbed.size(); ++i) text += (i == 0 ? ": " : ", ") + node.absorbed[i];
    all.push_back(text);
  }
  return all;
}

Names after(void (*pass)(Graph&), const ModelBuilder& net) {
  Graph graph(net.desc());
  pass(graph);
  return nodes(graph);
}

TEST(DropIdentities, DropsDropoutLinearAndFlattenOfVectors) {
  ModelBuilder net({4});
  net.add("Dropout", {{"rate", value(0.5)}});
  net.add("Activation", {{"activation", value("linear")}});
  net.relu();
  net.add("Flatten");
  net.add("Dropout");
  EXPECT_EQ(after(drop_identities, net), (Names{"input: layer1, layer2", "layer3: layer4, layer5"}));
  Graph graph(net.desc());
  drop_identities(graph);
  EXPECT_EQ(graph.outputs(), std::vector<int>{3});
}

TEST(DropIdentities, LeavesFlattenOfMapsAndOneInputSums) {
  ModelBuilder net({2, 2, 3});
  net.add("Flatten");
  EXPECT_EQ(after(drop_identities, net), (Names{"input", "layer1"}));
}

TEST(FusePadding, IntoValidConvolutionsAndMaximumPooling) {
  ModelBuilder net({9, 9, 3});
  net.zero_padding(1, 1, 1, 1);
  net.conv({.filters = 4, .kh = 3, .kw = 3});
  net.zero_padding(0, 1, 0, 1);
  net.pool("MaxPooling2D", {});
  EXPECT_EQ(after(fuse_padding, net), (Names{"input", "layer2: layer1", "layer4: layer3"}));
}

TEST(FusePadding, NotWhereTheResultWouldChange) {
  ModelBuilder same({9, 9, 3});  // "same" pads a second time, and leaves that out of a maximum
  same.zero_padding(1, 1, 1, 1);
  same.conv({.filters = 4, .kh = 3, .kw = 3, .same = true});
  EXPECT_EQ(after(fuse_padding, same), (Names{"input", "layer1", "layer2"}));
  ModelBuilder average({9, 9, 3});  // zeros count in an average, padding does not
  average.zero_padding(1, 1, 1, 1);
  average.pool("AveragePooling2D", {});
  EXPECT_EQ(after(fuse_padding, average), (Names{"input", "layer1", "layer2"}));
  ModelBuilder two({9, 9, 3});  // another layer reads it
  const std::string padded = two.zero_padding(1, 1, 1, 1);
  const std::string a = two.conv({.filters = 3}, padded);
  two.add("Add", {}, {}, {a, padded});
  EXPECT_EQ(after(fuse_padding, two).size(), 4u);
  ModelBuilder chain({9, 9, 3});  // only the nearer of two
  chain.zero_padding(1, 1, 1, 1);
  chain.zero_padding(2, 2, 2, 2);
  chain.conv({.filters = 3});
  EXPECT_EQ(after(fuse_padding, chain), (Names{"input", "layer1", "layer3: layer2"}));
}

TEST(FuseEpilogues, BatchNormSumAndClamp) {
  ModelBuilder net({9, 9, 16});
  const std::string x = net.relu();
  net.conv({.filters = 16});
  net.batch_norm();
  net.add("Add", {}, {}, {x, net.last()});
  net.relu();
  EXPECT_EQ(after(fuse_epilogues, net), (Names{"input", "layer1", "layer2: layer3, layer4, layer5"}));
}

// Of two convolutions that are added, the one that runs later takes the sum.
TEST(FuseEpilogues, LaterConvolutionTakesTheSum) {
  for (const bool first : {true, false}) {
    ModelBuilder net({9, 9, 16});
    const std::string a = net.conv({.filters = 16}, "input"), b = net.conv({.filters = 16}, "input");
    net.add("Add", {}, {}, first ? Names{a, b} : Names{b, a});
    EXPECT_EQ(after(fuse_epilogues, net), (Names{"input", "layer1", "layer2: layer3"}));
  }
}

TEST(FuseEpilogues, NotPastAnotherReaderOrTheOutput) {
  ModelBuilder net({9, 9, 16});
  const std::string conv = net.conv({.filters = 16});
  net.add("Add", {}, {}, {net.relu(conv), conv});
  EXPECT_EQ(after(fuse_epilogues, net), (Names{"input", "layer1", "layer2", "layer3"}));
  ModelBuilder twice({9, 9, 16});
  twice.conv({.filters = 16});
  twice.add("Add", {}, {}, {twice.last(), twice.last()});
  EXPECT_EQ(after(fuse_epilogues, twice), (Names{"input", "layer1", "layer2"}));
  ModelBuilder ends({9, 9, 16});
  ends.output(ends.conv({.filters = 16}));
  ends.relu();
  EXPECT_EQ(after(fuse_epilogues, ends), (Names{"input", "layer1", "layer2"}));
}

TEST(FuseEpilogues, InTheOrderOfTheArithmetic) {
  ModelBuilder clamp_first({9, 9, 16});  // an affine map or a sum after a clamp is not one before it
  clamp_first.conv({.filters = 16, .activation = "relu"});
  clamp_first.batch_norm();
  clamp_first.relu();
  EXPECT_EQ(after(fuse_epilogues, clamp_first), (Names{"input", "layer1", "layer2: layer3"}));
  ModelBuilder sum_first({9, 9, 16});
  sum_first.conv({.filters = 16});
  sum_first.add("Add", {}, {}, {sum_first.last(), "input"});
  sum_first.batch_norm();
  EXPECT_EQ(after(fuse_epilogues, sum_first), (Names{"input", "layer1: layer2", "layer3"}));
  ModelBuilder three({9, 9, 16});  // more than two operands stay a layer
  three.conv({.filters = 16});
  three.add("Add", {}, {}, {three.last(), "input", "input"});
  EXPECT_EQ(after(fuse_epilogues, three), (Names{"input", "layer1", "layer2"}));
}

TEST(FuseEpilogues, DenseTakesOneClamp) {
  ModelBuilder net({9});
  net.dense(4);
  net.relu();
  net.relu();
  EXPECT_EQ(after(fuse_epilogues, net), (Names{"input", "layer1: layer2", "layer3"}));
}

TEST(AssignLayouts, ChangesLayoutWhereItDiffers) {
  ModelBuilder net({9, 9, 16});
  net.relu();
  EXPECT_EQ(after(assign_layouts, net), (Names{"input", "input/to_c16", "layer1", "layer1/to_nhwc"}));
  ModelBuilder first_conv({9, 9, 3});  // reads the image as it is
  first_conv.conv({.filters = 4});
  first_conv.add("GlobalMaxPooling2D");
  EXPECT_EQ(after(assign_layouts, first_conv), (Names{"input", "layer1", "layer2"}));
  ModelBuilder few({9, 9, 16});  // a convolution of few channels within the network
  few.conv({.filters = 4});
  few.conv({.filters = 4});
  EXPECT_EQ(after(assign_layouts, few),
            (Names{"input", "input/to_c16", "layer1", "layer1/to_nhwc", "layer2", "layer2/to_nhwc"}));
  ModelBuilder branches({9, 9, 16});  // one change for all who read it
  branches.output(branches.relu());
  branches.add("Add", {}, {}, {branches.last(), branches.relu("input")});
  EXPECT_EQ(after(assign_layouts, branches),
            (Names{"input", "input/to_c16", "layer1", "layer2", "layer3", "layer1/to_nhwc", "layer3/to_nhwc"}));
  ModelBuilder vector({9});  // vectors have one layout
  vector.relu();
  EXPECT_EQ(after(assign_layouts, vector), (Names{"input", "layer1"}));
}

TEST(AllPasses, LeaveAConsistentGraph) {
  for (std::uint32_t seed = 0; seed < 20; ++seed) {
    Graph graph(random_network(seed).desc());
    const auto shapes = [&] {
      std::vector<Shape> all;
      for (const int output : graph.outputs()) all.push_back(graph.nodes()[static_cast<std::size_t>(output)].shape);
      return all;
    };
    const std::vector<Shape> before = shapes();
    run_passes(graph);
    EXPECT_EQ(shapes(), before);
    for (std::size_t i = 0; i < graph.nodes().size(); ++i) {
      const Node& node = graph.nodes()[i];
      ASSERT_NE(node.layer, nullptr);
      EXPECT_FALSE(node.inputs.size() == 1 && is<Identity>(node.layer->role(graph.input_shapes(node))))
          << node.layer->name();
      for (const int input : node.inputs) {
        ASSERT_LT(input, static_cast<int>(i));
        const Node& from = graph.nodes()[static_cast<std::size_t>(input)];
        if (from.shape.rank() > 1) {
          EXPECT_EQ(from.layer->formats(graph.input_shapes(from)).out,
                    node.layer->formats(graph.input_shapes(node)).in);
        }
      }
    }
  }
}

class Networks : public LayerTest {};
FOVEA_EVERY_TABLE(Networks);

TEST_P(Networks, StayTheSameUnderThePasses) {
  for (std::uint32_t seed = 0; seed < 30; ++seed) {
    SCOPED_TRACE(seed);
    expect_matches(random_network(seed));
  }
  expect_matches(every_layer());
}

}  // namespace
}  // namespace fovea::test
