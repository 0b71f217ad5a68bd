// 1x1 convolutions run by the depthwise ones behind them: which, and that no bit changes.
#include <algorithm>

#include "engine/passes/passes.h"
#include "kernels/dispatch.h"
#include "tests/engine/networks.h"
#include "tests/support/layer_test.h"

namespace fovea::test {
namespace {

struct Case {
  std::int64_t h, w, channels, filters, kh, kw, stride, dilation;
  bool same, padded;
  std::string str() const {
    return Shape{h, w, channels}.str() + " to " + std::to_string(filters) + ", kernel " + std::to_string(kh) + "x" +
           std::to_string(kw) + " stride " + std::to_string(stride) + " dilation " + std::to_string(dilation) +
           (same ? " same" : " valid") + (padded ? " padded" : "");
  }
};

std::string depthwise(ModelBuilder& net, const Case& c) {
  const std::int64_t channels = net.shape(net.last()).c();
  return net.add(
      "DepthwiseConv2D",
      {{"kernel_size", pair(c.kh, c.kw)},
       {"strides", pair(c.stride, c.stride)},
       {"dilation_rate", pair(c.dilation, c.dilation)},
       {"padding", value(c.same ? "same" : "valid")}},
      {net.random_weight("depthwise_kernel", {c.kh, c.kw, channels, 1}), net.random_weight("bias", {channels})},
      {net.last()});
}

// As in mobile networks. `apart`: what lies between is an output too, and so is computed as a whole.
ModelBuilder network(const Case& c, bool apart) {
  ModelBuilder net({c.h, c.w, c.channels});
  net.conv({.filters = c.filters});
  net.batch_norm();
  net.add("ReLU", {{"max_value", value(1.5)}});
  if (apart) net.output(net.last());
  if (c.padded) net.zero_padding(1, 0, 2, 1);
  depthwise(net, c);
  net.batch_norm();
  net.relu();
  return net;
}

Case random_case(Random& random) {
  const std::int64_t stride = random.integer(1, 3);
  Case c{random.integer(1, 40),
         random.integer(1, 40),
         random.integer(16, 50),
         random.integer(1, 100),
         random.integer(1, 5),
         random.integer(1, 5),
         stride,
         stride == 1 ? random.integer(1, 3) : 1,
         random.integer(0, 1) == 1,
         false};
  c.padded = !c.same && random.integer(0, 1) == 1;
  if (!c.same) {
    c.h = std::max(c.h, (c.kh - 1) * c.dilation + 1);
    c.w = std::max(c.w, (c.kw - 1) * c.dilation + 1);
  }
  return c;
}

class FusePixelConvs : public KernelTest {
 protected:
  // The last output of all images.
  std::vector<float> run(const ModelBuilder& net, bool fused, int threads, int batch) {
    const auto model = Model::create(net.desc(), {.isa = isa_name(table().isa)});
    int together = 0;
    for (const LayerReport& layer : model->layers()) together += layer.kernel.find(" + ") != std::string::npos ? 1 : 0;
    EXPECT_EQ(together, fused ? 1 : 0);
    Session session(model, {.max_batch = batch, .threads = threads});
    for (int i = 0; i < batch; ++i) set_inputs(session, i, net.image(static_cast<std::uint32_t>(i)));
    session.run(batch);
    std::vector<float> all;
    const int last = static_cast<int>(model->output_names().size()) - 1;
    for (int i = 0; i < batch; ++i)
      all.insert(all.end(), session.output(i, last).begin(), session.output(i, last).end());
    return all;
  }

  void same_bits_as_apart(const Case& c) {
    SCOPED_TRACE(c.str());
    const ModelBuilder fused = network(c, false), apart = network(c, true);
    for (const int batch : {1, 2}) {
      const std::vector<float> want = run(apart, false, 1, batch);
      for (const int threads : {1, 2, 5}) ASSERT_TRUE(same_bits(run(fused, true, threads, batch), want)) << threads;
    }
  }
};
FOVEA_EVERY_TABLE(FusePixelConvs);

TEST_P(FusePixelConvs, RandomShapesTheSameBits) {
  for (int i = 0; i < (full_sweep() ? 500 : 40); ++i) same_bits_as_apart(random_case(random()));
}

TEST_P(FusePixelConvs, ManyBandsTheSameBits) {
  same_bits_as_apart({112, 112, 16, 96, 3, 3, 2, 1, false, true});
  same_bits_as_apart({150, 61, 24, 33, 5, 3, 1, 1, true, false});
  same_bits_as_apart({90, 70, 17, 32, 3, 3, 1, 2, true, false});
  same_bits_as_apart({70, 70, 16, 16, 7, 7, 3, 1, true, false});
  same_bits_as_apart({20, 2040, 16, 16, 1, 1, 1, 1, false, true});  // rows one by one, the first in the padding
}

std::vector<std::string> left(const ModelBuilder& net) {
  Graph graph(net.desc());
  fuse_padding(graph);
  fuse_epilogues(graph);
  graph.compact();
  graph.infer_shapes();
  fuse_pixel_convs(graph);
  std::vector<std::string> all;
  for (const Node& node : graph.nodes()) all.push_back(node.layer->name());
  return all;
}

constexpr Case kPlain{9, 9, 16, 32, 3, 3, 1, 1, true, false};
using Names = std::vector<std::string>;

TEST(FusePixelConvsPass, NamesWhatItTakesIn) {
  Graph graph(network(kPlain, false).desc());
  run_passes(graph);
  const Node* depthwise = nullptr;
  for (const Node& node : graph.nodes()) depthwise = node.layer->class_name() == "DepthwiseConv2D" ? &node : depthwise;
  ASSERT_NE(depthwise, nullptr);
  EXPECT_EQ(depthwise->absorbed, (Names{"layer1", "layer2", "layer3", "layer5", "layer6"}));
}

TEST(FusePixelConvsPass, NotWhereMuchIsComputedTwice) {
  EXPECT_EQ(left(network({112, 112, 16, 96, 3, 3, 2, 1, true, false}, false)).size(), 2U);
  for (const Case& c :
       {Case{60, 60, 16, 32, 3, 3, 1, 20, true, false}, Case{90, 300, 16, 32, 3, 3, 1, 1, true, false},
        Case{1, 4000, 16, 32, 1, 3, 1, 1, true, false}, Case{1 << 17, 1, 16, 16, 2, 1, 1, 65000, true, false}}) {
    EXPECT_EQ(left(network(c, false)), (Names{"input", "layer1", "layer4"})) << c.str();
  }
}

TEST(FusePixelConvsPass, OnlyWhatMayBeRunInParts) {
  EXPECT_EQ(left(network(kPlain, false)), (Names{"input", "layer4"}));
  EXPECT_EQ(left(network(kPlain, true)), (Names{"input", "layer1", "layer4"}));  // an output
  const auto with = [](const Shape& input, const ConvOptions& options) {
    ModelBuilder net(input);
    net.conv(options);
    depthwise(net, kPlain);
    return left(net);
  };
  const Names both{"input", "layer1", "layer2"};
  EXPECT_EQ(with({9, 9, 15}, {.filters = 32}), both);  // reads an image as it is
  EXPECT_EQ(with({9, 9, 16}, {.filters = 32, .stride_y = 2, .stride_x = 2}), both);
  EXPECT_EQ(with({9, 9, 16}, {.filters = 32, .kh = 3, .kw = 3}), both);
  EXPECT_EQ(with({9, 9, 16}, {.filters = 32, .groups = 2}), both);
  EXPECT_EQ(with({9, 9, 16}, {.filters = 32, .activation = "tanh"}).size(), 4U);
  ModelBuilder read_twice({9, 9, 16});
  const std::string conv = read_twice.conv({.filters = 16});
  read_twice.add("Add", {}, {}, {depthwise(read_twice, kPlain), conv});
  EXPECT_EQ(left(read_twice), (Names{"input", "layer1", "layer2", "layer3"}));
  ModelBuilder sum({9, 9, 16});  // the convolution adds another map
  sum.conv({.filters = 16});
  sum.add("Add", {}, {}, {sum.last(), "input"});
  depthwise(sum, kPlain);
  EXPECT_EQ(left(sum), (Names{"input", "layer1", "layer3"}));
  ModelBuilder chain({9, 9, 16});  // a depthwise convolution is none
  depthwise(chain, kPlain);
  depthwise(chain, kPlain);
  EXPECT_EQ(left(chain), both);
}

}  // namespace
}  // namespace fovea::test
