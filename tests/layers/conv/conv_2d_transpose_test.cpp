// Conv2DTranspose: every meeting of kernel, stride and padding, output padding, dilation, and what is folded in.
#include "tests/support/layer_test.h"

namespace fovea::test {
namespace {

struct TransposeOptions {
  std::int64_t filters = 1, kh = 1, kw = 1, sy = 1, sx = 1, dilation = 1;
  bool same = false, bias = true;
  Attribute output_padding = {};
  const char* activation = "linear";
};

std::string transpose(ModelBuilder& net, const TransposeOptions& o) {
  std::vector<Weight> weights = {net.random_weight("kernel", {o.kh, o.kw, o.filters, net.shape(net.last()).c()})};
  if (o.bias) weights.push_back(net.random_weight("bias", {o.filters}));
  return net.add("Conv2DTranspose",
                 {{"filters", value(o.filters)},
                  {"kernel_size", pair(o.kh, o.kw)},
                  {"strides", pair(o.sy, o.sx)},
                  {"dilation_rate", value(o.dilation)},
                  {"padding", value(o.same ? "same" : "valid")},
                  {"output_padding", o.output_padding},
                  {"use_bias", value(o.bias)},
                  {"activation", value(o.activation)}},
                 std::move(weights));
}

class Conv2DTranspose : public LayerTest {
 protected:
  void check(const Shape& input, const TransposeOptions& o) {
    for (const bool integers : {true, false}) {
      SCOPED_TRACE(testing::Message() << input.str() << ", filters " << o.filters << ", kernel " << o.kh << "x" << o.kw
                                      << ", strides " << o.sy << "x" << o.sx << (o.same ? ", same" : ", valid"));
      ModelBuilder net(input, integers);
      transpose(net, o);
      expect_matches(net);
    }
  }
};
FOVEA_EVERY_TABLE(Conv2DTranspose);

TEST_P(Conv2DTranspose, EveryKernelAndStride) {
  for (const bool same : {true, false}) {
    for (std::int64_t kernel = 1; kernel <= 5; ++kernel) {
      for (std::int64_t stride = 1; stride <= 4; ++stride) {
        check({3, 4, 5}, {.filters = 3, .kh = kernel, .kw = 2, .sy = stride, .sx = 2, .same = same});
        check({4, 3, 5}, {.filters = 3, .kh = 3, .kw = kernel, .sy = 1, .sx = stride, .same = same});
      }
    }
  }
}

TEST_P(Conv2DTranspose, Channels) {
  for (const std::int64_t channels : {1, 15, 16, 17, 40}) {
    for (const std::int64_t filters : {1, 16, 33}) {
      check({4, 5, channels}, {.filters = filters, .kh = 2, .kw = 2, .sy = 2, .sx = 2});
      check({4, 5, channels}, {.filters = filters, .kh = 3, .kw = 3, .sy = 2, .sx = 2, .same = true});
    }
  }
}

TEST_P(Conv2DTranspose, OutputPadding) {
  for (const std::int64_t more : {0, 1, 2}) {
    check({4, 5, 3}, {.filters = 2, .kh = 3, .kw = 3, .sy = 3, .sx = 3, .output_padding = value(more)});
    check({4, 5, 3}, {.filters = 2, .kh = 3, .kw = 5, .sy = 3, .sx = 3, .same = true, .output_padding = pair(more, 1)});
  }
}

TEST_P(Conv2DTranspose, Dilation) {
  for (const bool same : {true, false}) {
    check({6, 7, 5}, {.filters = 4, .kh = 3, .kw = 3, .dilation = 2, .same = same});
    check({6, 7, 20}, {.filters = 4, .kh = 2, .kw = 3, .dilation = 3, .same = same});
  }
}

TEST_P(Conv2DTranspose, SeveralPieces) {
  check({23, 100, 64}, {.filters = 20, .kh = 2, .kw = 2, .sy = 2, .sx = 2});
  check({13, 150, 64}, {.filters = 4, .kh = 3, .kw = 3, .sy = 2, .sx = 2, .same = true});
  check({13, 150, 64}, {.filters = 4, .kh = 3, .kw = 3, .same = true});
}

TEST_P(Conv2DTranspose, WhatIsFoldedIn) {
  for (const char* activation : {"linear", "relu", "sigmoid"}) {
    ModelBuilder net({5, 6, 12});
    transpose(
        net,
        {.filters = 20, .kh = 3, .kw = 3, .sy = 2, .sx = 2, .same = true, .bias = false, .activation = activation});
    net.batch_norm();
    net.relu();
    net.conv({.filters = 3, .kh = 3, .kw = 3});
    expect_matches(net);
  }
}

TEST(Conv2DTransposeReport, CountsMultiplications) {
  ModelBuilder net({5, 4, 6});
  transpose(net, {.filters = 7, .kh = 3, .kw = 2, .sy = 2, .sx = 2});
  std::int64_t macs = 0;
  const auto model = Model::create(net.desc());
  for (const LayerReport& layer : model->layers()) macs += layer.macs;
  EXPECT_EQ(macs, 5 * 4 * 6 * 7 * 3 * 2);
}

TEST(Conv2DTransposeConfig, Refuses) {
  const auto attributes = [](const char* key, Attribute changed) {
    AttributeMap map = {{"filters", value(2)}, {"kernel_size", pair(3, 3)}, {"strides", value(2)}};
    map[key] = std::move(changed);
    return map;
  };
  const std::vector<Weight> weights = {weight("kernel", {3, 3, 2, 4}, std::vector<float>(72)),
                                       weight("bias", {2}, {0, 0})};
  const auto refused = [&](const char* key, Attribute changed, std::initializer_list<const char*> parts) {
    expect_layer_error<Error>({8, 8, 4}, "Conv2DTranspose", attributes(key, std::move(changed)), weights, parts);
  };
  refused("filters", value(0), {"layer 'layer1' (Conv2DTranspose)", "filters"});
  refused("dilation_rate", value(2), {"(Conv2DTranspose)", "strides and dilation"});
  refused("output_padding", value(2), {"(Conv2DTranspose)", "output_padding"});
  refused("output_padding", value(-1), {"(Conv2DTranspose)", "output_padding"});
  refused("kernel_size", pair(2, 3), {"(Conv2DTranspose)", "kernel is 3x3x2x4"});
  expect_layer_error<Error>({8, 8, 5}, "Conv2DTranspose", attributes("activation", null()), weights,
                            {"kernel is 3x3x2x4, its input is 8x8x5"});
  expect_layer_error<UnsupportedError>({8, 8, 4}, "Conv2DTranspose", attributes("groups", value(2)), weights,
                                       {"groups"});
  expect_layer_error<UnsupportedError>({8, 8, 4}, "Conv2DTranspose", attributes("strides", value(100)), weights,
                                       {"strides this large"});
}

}  // namespace
}  // namespace fovea::test
