// DepthwiseConv2D: kernels, strides, dilations, paddings and multipliers, and what folds into it.
#include "tests/support/layer_test.h"

namespace fovea::test {
namespace {

class DepthwiseConv2D : public LayerTest {
 protected:
  struct Options {
    std::int64_t kh = 3, kw = 3, stride = 1, dilation = 1, multiplier = 1;
    bool same = false, bias = true;
    const char* activation = "linear";
  };
  static void add(ModelBuilder& net, const Options& o) {
    const std::int64_t channels = net.shape(net.last()).c();
    std::vector<Weight> weights = {net.random_weight("depthwise_kernel", {o.kh, o.kw, channels, o.multiplier})};
    if (o.bias) weights.push_back(net.random_weight("bias", {channels * o.multiplier}));
    net.add("DepthwiseConv2D",
            {{"kernel_size", pair(o.kh, o.kw)},
             {"strides", pair(o.stride, o.stride)},
             {"dilation_rate", pair(o.dilation, o.dilation)},
             {"depth_multiplier", value(o.multiplier)},
             {"padding", value(o.same ? "same" : "valid")},
             {"use_bias", value(o.bias)},
             {"activation", value(o.activation)}},
            std::move(weights));
  }
};
FOVEA_EVERY_TABLE(DepthwiseConv2D);

TEST_P(DepthwiseConv2D, Windows) {
  const Options all[] = {{1, 1},
                         {3, 3, 1, 1, 1, true},
                         {3, 3, 2, 1, 1, true},
                         {5, 5, 1, 1, 1, true, false},
                         {5, 5, 2, 1, 1, true, true, "relu6"},
                         {2, 4, 1, 1, 1, true},
                         {1, 5, 3},
                         {3, 3, 1, 2, 1, true},
                         {3, 2, 1, 3, 1, true}};
  for (const Options& options : all) {
    for (const Shape& shape : {Shape{9, 8, 1}, Shape{7, 19, 16}, Shape{9, 33, 40}}) {
      for (const bool integers : {false, true}) {
        SCOPED_TRACE(testing::Message() << options.kh << "x" << options.kw << " stride " << options.stride
                                        << " dilation " << options.dilation << " on " << shape.str());
        ModelBuilder net(shape, integers);
        add(net, options);
        expect_matches(net);
      }
    }
  }
}

TEST_P(DepthwiseConv2D, KernelLargerThanTheMap) {
  ModelBuilder net({2, 3, 17}, true);
  add(net, {.kh = 7, .kw = 7, .same = true});
  expect_matches(net);
}

TEST_P(DepthwiseConv2D, Multipliers) {
  for (const std::int64_t multiplier : {2, 3, 5, 16, 20}) {
    for (const std::int64_t channels : {1, 7, 16, 18}) {
      SCOPED_TRACE(testing::Message() << multiplier << " times " << channels);
      ModelBuilder net({6, 11, channels}, true);
      add(net, {.multiplier = multiplier, .same = true});
      expect_matches(net);
    }
  }
}

TEST_P(DepthwiseConv2D, TakesInWhatSurroundsIt) {
  for (const char* activation : {"linear", "sigmoid"}) {
    ModelBuilder net({9, 12, 20});
    net.zero_padding(0, 1, 2, 1);
    add(net, {.stride = 2, .bias = false, .activation = activation});
    net.batch_norm();
    net.add("ReLU", {{"max_value", value(6)}});
    expect_matches(net);
    const auto model = Model::create(net.desc(), {.isa = isa_name(table().isa)});
    const bool own = std::string(activation) == "sigmoid";  // then its activation stands before the normalisation
    EXPECT_EQ(uses(*model, "affine_f32_c16"), own);
  }
}

// More rows than one task takes.
TEST_P(DepthwiseConv2D, LargeMaps) {
  ModelBuilder net({40, 150, 17}, true);
  add(net, {.same = true});
  expect_matches(net);
}

TEST(DepthwiseConv2DConfig, Refuses) {
  const Weight kernel = weight("depthwise_kernel", {1, 1, 3, 1}, {1, 2, 3});
  const AttributeMap good = {{"kernel_size", value(1)}, {"use_bias", value(false)}};
  const auto with = [&](const char* key, const Attribute& v) {
    AttributeMap map = good;
    map.insert_or_assign(key, v);
    return map;
  };
  const auto layer = "layer 'layer1' (DepthwiseConv2D)";
  expect_layer_error<Error>({4, 4, 5}, "DepthwiseConv2D", good, {kernel}, {layer, "1x1x3x1", "4x4x5"});
  expect_layer_error<Error>({4, 4, 3}, "DepthwiseConv2D", good, {}, {layer, "depthwise_kernel"});
  expect_layer_error<Error>({4, 4, 3}, "DepthwiseConv2D", with("depth_multiplier", value(2)), {kernel}, {layer});
  expect_layer_error<Error>({4, 4, 3}, "DepthwiseConv2D", with("depth_multiplier", value(0)), {kernel}, {layer});
  expect_layer_error<Error>({4, 4, 3}, "DepthwiseConv2D", with("strides", value(0)), {kernel}, {layer});
  expect_layer_error<UnsupportedError>({4, 4, 3}, "DepthwiseConv2D", with("data_format", value("channels_first")),
                                       {kernel}, {layer, "channels_first"});
  expect_layer_error<UnsupportedError>({4, 4, 3}, "DepthwiseConv2D", with("secret", value(1)), {kernel},
                                       {layer, "secret"});
}

}  // namespace
}  // namespace fovea::test
