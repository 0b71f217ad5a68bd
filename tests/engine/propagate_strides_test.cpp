// Strides that move upwards: what is no longer computed, what must be left alone, and that results stay the same.
#include "engine/passes/passes.h"
#include "tests/support/layer_test.h"

namespace fovea::test {
namespace {

// The shape of the layer called `name` after all passes.
Shape shape_after(const ModelBuilder& net, const std::string& name) {
  Graph graph(net.desc());
  run_passes(graph);
  for (const Node& node : graph.nodes()) {
    if (node.layer->name() == name) return node.shape;
  }
  ADD_FAILURE() << "no layer " << name;
  return {};
}

std::string conv(ModelBuilder& net, std::int64_t filters, std::int64_t kernel, std::int64_t stride,
                 const std::string& from = "") {
  return net.conv(
      {.filters = filters, .kh = kernel, .kw = kernel, .stride_y = stride, .stride_x = stride, .same = kernel > 1},
      from);
}

// The end of one stage of a residual network and the beginning of the next.
struct Residual {
  ModelBuilder net;
  std::string entry, middle, last, sum, left, right;

  explicit Residual(const Shape& input, std::int64_t stride = 2, bool integers = true) : net(input, integers) {
    entry = conv(net, 24, 1, 1);
    conv(net, 17, 1, 1, entry);
    middle = conv(net, 18, 3, 1);
    net.relu();
    last = conv(net, 24, 1, 1);
    net.add("Add", {}, {}, {last, entry});
    sum = net.relu();
    left = conv(net, 16, 1, stride, sum);
    right = conv(net, 16, 1, stride, sum);
    net.add("Add", {}, {}, {left, right});
  }
};

class PropagateStrides : public LayerTest {};
FOVEA_EVERY_TABLE(PropagateStrides);

TEST_P(PropagateStrides, ThroughASumAndTheConvolutionsBeforeIt) {
  const Residual block({9, 12, 16});
  EXPECT_EQ(shape_after(block.net, block.last), (Shape{5, 6, 24}));
  EXPECT_EQ(shape_after(block.net, block.middle), (Shape{5, 6, 18}));
  EXPECT_EQ(shape_after(block.net, block.entry + "/subsample"), (Shape{5, 6, 24}));
  EXPECT_EQ(shape_after(block.net, block.entry), (Shape{9, 12, 24}));
  EXPECT_EQ(shape_after(block.net, block.right), (Shape{5, 6, 16}));
}

TEST_P(PropagateStrides, ResultsStayTheSame) {
  for (const std::int64_t stride : {2, 3}) {
    for (const std::int64_t height : {1, 2, 7, 10}) {
      SCOPED_TRACE(testing::Message() << "stride " << stride << ", height " << height);
      expect_matches(Residual({height, 11, 16}, stride, true).net);
      expect_matches(Residual({height, 11, 16}, stride, false).net);
    }
  }
}

TEST_P(PropagateStrides, AllTheWayUp) {
  ModelBuilder net({16, 16, 16}, true);
  const std::string first = conv(net, 16, 3, 1), second = conv(net, 16, 1, 2);
  conv(net, 16, 1, 2);
  EXPECT_EQ(shape_after(net, first), (Shape{4, 4, 16}));
  EXPECT_EQ(shape_after(net, second), (Shape{4, 4, 16}));
  expect_matches(net);
}

TEST_P(PropagateStrides, CountsTheLayerAsTheModelHasIt) {
  const Residual block({9, 12, 16});
  const auto model = Model::create(block.net.desc(), {.isa = isa_name(table().isa)});
  for (const LayerReport& layer : model->layers()) {
    if (layer.name == block.middle) {
      EXPECT_EQ(layer.macs, 9 * 12 * 3 * 3 * 17 * 18);
    }
  }
}

TEST_P(PropagateStrides, NotWhereAllPixelsAreRead) {
  ModelBuilder kernel({9, 9, 16}, true);  // a larger kernel reads between its strides
  const std::string a = conv(kernel, 16, 1, 1);
  conv(kernel, 16, 3, 2);
  EXPECT_EQ(shape_after(kernel, a), (Shape{9, 9, 16}));

  ModelBuilder other({9, 9, 16}, true);  // another reader
  const std::string b = conv(other, 16, 1, 1), strided = conv(other, 16, 1, 2, b);
  const std::string pooled = other.pool("MaxPooling2D", {.kh = 1, .kw = 1}, b);
  other.add("Add", {}, {}, {strided, pooled});
  EXPECT_EQ(shape_after(other, b), (Shape{9, 9, 16}));

  ModelBuilder strides({7, 7, 16}, true);  // strides that differ
  const std::string c = conv(strides, 16, 1, 1);
  const std::string two = conv(strides, 16, 1, 2, c), three = conv(strides, 16, 1, 3, c);
  const std::string two_max = strides.add("GlobalMaxPooling2D", {}, {}, {two});
  const std::string three_max = strides.add("GlobalMaxPooling2D", {}, {}, {three});
  strides.add("Add", {}, {}, {two_max, three_max});
  EXPECT_EQ(shape_after(strides, c), (Shape{7, 7, 16}));

  ModelBuilder uneven({9, 9, 16}, true);  // one axis only
  const std::string d = conv(uneven, 16, 1, 1);
  uneven.conv({.filters = 16, .stride_y = 2});
  EXPECT_EQ(shape_after(uneven, d), (Shape{9, 9, 16}));

  ModelBuilder padded({9, 9, 16}, true);  // the first pixel read is padding
  const std::string e = conv(padded, 16, 1, 1);
  padded.zero_padding(1, 1, 1, 1);
  conv(padded, 16, 1, 2);
  EXPECT_EQ(shape_after(padded, e), (Shape{9, 9, 16}));

  for (const ModelBuilder* net : {&kernel, &other, &strides, &uneven, &padded}) expect_matches(*net);
}

}  // namespace
}  // namespace fovea::test
