// Conv2D: geometry, channel counts, what is folded in, and what is refused.
#include "tests/support/layer_test.h"

namespace fovea::test {
namespace {

class Conv2D : public LayerTest {
 protected:
  void check(const Shape& input, const ConvOptions& o) {
    for (const bool integers : {true, false}) {
      SCOPED_TRACE(testing::Message() << input.str() << " filters " << o.filters << " kernel " << o.kh << "x" << o.kw
                                      << " strides " << o.stride_y << "x" << o.stride_x << " dilation " << o.dilation_y
                                      << "x" << o.dilation_x << (o.same ? " same" : " valid"));
      ModelBuilder net(input, integers);
      net.conv(o);
      expect_matches(net);
    }
  }
};
FOVEA_EVERY_TABLE(Conv2D);

TEST_P(Conv2D, EveryChannelCount) {
  for (int c = 1; c <= 40; ++c) check({5, 4, c}, {.filters = 41 - c, .kh = 3, .kw = 3, .same = c % 2 == 0});
}

TEST_P(Conv2D, RandomGeometry) {
  const int kernels[] = {1, 1, 2, 3, 3, 4, 5, 7};
  for (int i = 0; i < (full_sweep() ? 4000 : 200); ++i) {
    const auto kernel = [&] { return kernels[random().integer(0, 7)]; };
    ConvOptions o{.filters = random().integer(1, 20), .kh = kernel(), .kw = kernel()};
    o.stride_y = random().integer(1, 4);
    o.stride_x = random().integer(1, 4);
    o.dilation_y = random().integer(1, 3);
    o.dilation_x = random().integer(1, 3);
    o.same = i % 2 == 0;
    o.bias = o.same || i % 3 == 0;  // with "same" a dilated kernel may see padding only
    const std::int64_t h = o.same ? 1 : (o.kh - 1) * o.dilation_y + 1, w = o.same ? 1 : (o.kw - 1) * o.dilation_x + 1;
    check({h + random().integer(0, 9), w + random().integer(0, 9), random().integer(1, 2) * random().integer(1, 18)},
          o);
    if (HasFailure()) break;
  }
}

TEST_P(Conv2D, StrideLargerThanKernel) {
  for (const int channels : {3, 17}) {
    for (const int kernel : {1, 2, 3}) {
      for (const bool same : {true, false}) {
        check({13, 16, channels},
              {.filters = 5, .kh = kernel, .kw = kernel, .stride_y = 5, .stride_x = 4, .same = same});
        check({13, 16, channels}, {.filters = 5, .kh = 1, .kw = kernel, .stride_y = 2, .stride_x = 7, .same = same});
        check({13, 16, channels}, {.filters = 5, .kh = kernel, .kw = 1, .stride_y = 7, .stride_x = 2, .same = same});
      }
    }
  }
}

// The kernel covers the input exactly, or ("same") is larger than it.
TEST_P(Conv2D, KernelAsLargeAsItsInput) {
  for (const int channels : {3, 18}) {
    check({5, 7, channels}, {.filters = 3, .kh = 5, .kw = 7});
    check({7, 7, channels}, {.filters = 3, .kh = 4, .kw = 3, .dilation_y = 2, .dilation_x = 3});
    check({2, 3, channels}, {.filters = 3, .kh = 7, .kw = 7, .same = true});
    check({1, 1, channels}, {.filters = 3, .kh = 3, .kw = 3, .stride_y = 2, .stride_x = 2, .same = true});
    check({3, 2, channels}, {.filters = 3, .kh = 5, .kw = 5, .dilation_y = 3, .dilation_x = 2, .same = true});
  }
}

// Sizes at which the work is cut into several pieces, the last of them short.
TEST_P(Conv2D, SeveralPieces) {
  check({15, 31, 16}, {.filters = 5});                                                  // flat, in place
  check({31, 100, 256}, {.filters = 1, .stride_y = 2, .stride_x = 2});                  // flat strips
  check({23, 200, 64}, {.filters = 1, .kh = 3, .kw = 3, .same = true});                 // strips
  check({23, 200, 64}, {.filters = 1, .kh = 3, .kw = 3});                               // in place
  check({23, 200, 64}, {.filters = 1, .kh = 3, .kw = 1, .stride_y = 2, .same = true});  // Nx1
  check({23, 200, 64}, {.filters = 1, .kh = 1, .kw = 3, .stride_y = 2, .same = true});  // 1xN: rows left out
  check({23, 400, 32}, {.filters = 1, .kh = 3, .kw = 3, .stride_y = 3, .stride_x = 2, .dilation_y = 2, .same = true});
  check({67, 900, 3}, {.filters = 1, .kh = 7, .kw = 7, .stride_y = 2, .stride_x = 2, .same = true});  // planar
}

TEST_P(Conv2D, ZeroPaddingBefore) {
  const std::int64_t sides[][4] = {{1, 1, 1, 1}, {3, 3, 3, 3},  {0, 1, 0, 1}, {1, 0, 0, 0},
                                   {0, 0, 2, 1}, {9, 4, 5, 11}, {0, 0, 0, 0}};
  for (const auto& [top, bottom, left, right] : sides) {
    for (const int channels : {3, 16, 20}) {
      for (const ConvOptions& o : {ConvOptions{.filters = 4, .kh = 3, .kw = 3, .stride_y = 2, .stride_x = 2},
                                   ConvOptions{.filters = 4}, ConvOptions{.filters = 4, .stride_y = 3, .stride_x = 2},
                                   ConvOptions{.filters = 4, .kh = 1, .kw = 4, .dilation_x = 2},
                                   ConvOptions{.filters = 4, .kh = 3, .kw = 3, .same = true}}) {
        ModelBuilder net({8, 9, channels}, channels != 16);
        net.zero_padding(top, bottom, left, right);
        net.conv(o);
        SCOPED_TRACE(testing::Message() << channels << " channels, padding " << top << " " << bottom << " " << left
                                        << " " << right);
        expect_matches(net);
      }
    }
  }
}

TEST_P(Conv2D, BatchNormAndActivations) {
  for (const bool integers : {true, false}) {
    for (const char* activation : {"linear", "relu"}) {
      ModelBuilder net({6, 5, 17}, integers);
      net.conv({.filters = 19, .kh = 3, .kw = 3, .same = true, .activation = activation});
      net.batch_norm();
      net.relu();
      expect_matches(net);
    }
  }
  for (const char* activation : {"relu", "softmax", "sigmoid"}) {
    SCOPED_TRACE(activation);
    ModelBuilder net({6, 5, 17});
    net.conv({.filters = 19, .kh = 3, .kw = 3, .activation = activation});
    expect_matches(net);
    net.batch_norm();
    expect_matches(net);
  }
}

// A batch normalisation and a clamp as they come: several of each, in every order.
TEST_P(Conv2D, LongTails) {
  ModelBuilder net({4, 4, 16});
  net.conv({.filters = 16, .bias = false});
  net.batch_norm();
  net.batch_norm();
  net.add("ReLU", {{"max_value", value(0.5)}});
  net.add("ReLU", {{"max_value", value(0.25)}});
  net.batch_norm();
  net.relu();
  expect_matches(net);
}

TEST_P(Conv2D, ResidualSum) {
  for (const bool integers : {true, false}) {
    for (const bool shortcut_first : {true, false}) {
      for (const int filters : {16, 24}) {
        SCOPED_TRACE(testing::Message() << filters << (shortcut_first ? " shortcut first" : " shortcut last"));
        ModelBuilder net({6, 7, 16}, integers);
        const std::string x = net.conv({.filters = filters, .kh = 3, .kw = 3, .same = true});
        const std::string y = net.conv({.filters = filters, .kh = 3, .kw = 3, .same = true}, net.relu(x));
        const std::string z = net.batch_norm(y);
        net.add("Add", {}, {}, shortcut_first ? std::vector{x, z} : std::vector{z, x});
        net.relu();
        expect_matches(net);
      }
    }
  }
}

// Both operands are convolutions, one operand is the input itself, or a clamp stands between convolution and sum.
TEST_P(Conv2D, OtherSums) {
  ModelBuilder net({6, 7, 20});
  const std::string a = net.conv({.filters = 20}, "input");
  const std::string b = net.conv({.filters = 20, .kh = 3, .kw = 3, .same = true}, "input");
  const std::string sum = net.add("Add", {}, {}, {a, b});
  const std::string c = net.conv({.filters = 20, .activation = "relu"}, sum);
  const std::string with_input = net.add("Add", {}, {}, {c, "input"});
  const std::string d = net.conv({.filters = 20}, with_input);
  const std::string twice = net.add("Add", {}, {}, {d, with_input});
  net.add("Add", {}, {}, {twice, sum});
  net.relu();
  expect_matches(net);
}

// What follows the sum does not belong to the convolution alone.
TEST_P(Conv2D, BatchNormAfterTheSum) {
  ModelBuilder net({6, 7, 16}, true);
  net.conv({.filters = 16, .kh = 3, .kw = 3, .same = true});
  net.add("Add", {}, {}, {"input", net.last()});
  net.batch_norm();
  net.relu();
  expect_matches(net);
}

TEST_P(Conv2D, SumsOfFewChannels) {
  ModelBuilder net({6, 7, 3}, true);
  const std::string a = net.conv({.filters = 3, .kh = 3, .kw = 3, .same = true});
  net.add("Add", {}, {}, {a, "input"});
  net.relu();
  expect_matches(net);
}

AttributeMap attributes(const char* key = nullptr, Attribute changed = {}) {
  AttributeMap map = {{"filters", value(2)}, {"kernel_size", pair(3, 3)}};
  if (key != nullptr) map[key] = std::move(changed);
  return map;
}

std::vector<Weight> weights(std::vector<std::int64_t> kernel = {3, 3, 4, 2}, std::vector<std::int64_t> bias = {2}) {
  const auto zeros = [](const std::vector<std::int64_t>& shape) {
    return std::vector<float>(static_cast<std::size_t>(Shape(shape).elements()));
  };
  return {weight("kernel", kernel, zeros(kernel)), weight("bias", bias, zeros(bias))};
}

TEST(Conv2DConfig, RefusesUnsupportedSettings) {
  const auto refused = [](const char* key, Attribute changed, std::initializer_list<const char*> parts) {
    expect_layer_error<UnsupportedError>({8, 8, 4}, "Conv2D", attributes(key, std::move(changed)), weights(), parts);
  };
  refused("data_format", value("channels_first"), {"layer 'layer1' (Conv2D)", "data_format", "channels_first"});
  refused("padding", value("causal"), {"layer 'layer1' (Conv2D)", "padding", "causal"});
  refused("activation", value("sparsemax"), {"layer 'layer1' (Conv2D)", "activation", "sparsemax"});
  refused("activation", object({{"class_name", value("PReLU")}, {"config", object({})}}), {"PReLU"});
  refused("lora_rank", value(4), {"layer 'layer1' (Conv2D)", "lora_rank"});
  refused("a_new_setting", value(1), {"layer 'layer1' (Conv2D)", "a_new_setting"});
}

TEST(Conv2DConfig, RefusesNonsense) {
  const auto refused = [](const char* key, Attribute changed, std::initializer_list<const char*> parts) {
    expect_layer_error<Error>({8, 8, 4}, "Conv2D", attributes(key, std::move(changed)), weights(), parts);
  };
  refused("filters", value(0), {"layer 'layer1' (Conv2D)", "filters"});
  refused("filters", value(-2), {"filters"});
  refused("filters", value("two"), {"filters"});
  refused("filters", null(), {"filters"});
  refused("groups", value(0), {"layer 'layer1' (Conv2D)", "groups"});
  refused("groups", value(3), {"layer 'layer1' (Conv2D)", "groups do not divide the filters"});
  refused("groups", value(2), {"layer 'layer1' (Conv2D)", "kernel is 3x3x4x2 for 2 groups, its input is 8x8x4"});
  refused("kernel_size", pair(0, 3), {"layer 'layer1' (Conv2D)", "kernel"});
  refused("kernel_size", value("3x3"), {"kernel_size"});
  refused("kernel_size", list({value(3), value(3), value(3)}), {"kernel_size"});
  refused("strides", value(-1), {"layer 'layer1' (Conv2D)", "stride"});
  refused("strides", value(1 << 20), {"layer 'layer1' (Conv2D)", "stride"});
  refused("dilation_rate", pair(0, 1), {"layer 'layer1' (Conv2D)", "dilation"});
  refused("use_bias", value("yes"), {"use_bias"});
  refused("activation", value(3), {"activation"});
}

TEST(Conv2DConfig, RefusesWeightsThatDoNotFit) {
  const Shape input{8, 8, 4};
  const auto refused = [&](std::vector<Weight> w, std::initializer_list<const char*> parts) {
    expect_layer_error<Error>(input, "Conv2D", attributes(), std::move(w), parts);
  };
  refused({}, {"layer 'layer1' (Conv2D)", "'kernel' is missing"});
  refused({weights()[0]}, {"layer 'layer1' (Conv2D)", "'bias' is missing"});
  refused(weights({3, 3, 4, 3}), {"kernel is 3x3x4x3", "3x3x?x2"});
  refused(weights({1, 3, 4, 2}), {"kernel is 1x3x4x2"});
  refused(weights({3, 3, 4}), {"kernel is 3x3x4"});
  refused(weights({3, 3, 5, 2}), {"kernel is 3x3x5x2", "8x8x4"});
  refused(weights({3, 3, 4, 2}, {3}), {"bias is 3"});
  std::vector<Weight> extra = weights();
  extra.push_back(weight("gamma", {2}, {1, 1}));
  refused(extra, {"'gamma' is not expected"});
  std::vector<Weight> bad = weights();
  bad[0] = weight("kernel", {3, 3, 4, 2}, std::vector<float>(72, kNaN));
  refused(bad, {"layer 'layer1' (Conv2D)", "kernel is not finite at index 0"});
  bad[0] = weights()[0];
  bad[1] = weight("bias", {2}, {0, -kInfinity});
  refused(bad, {"bias is not finite at index 1"});
}

TEST(Conv2DConfig, RefusesInputsThatDoNotFit) {
  expect_layer_error<Error>({2, 8, 4}, "Conv2D", attributes(), weights(),
                            {"layer 'layer1' (Conv2D)", "larger than its input 2x8x4"});
  expect_layer_error<Error>({64}, "Conv2D", attributes(), weights(), {"layer 'layer1' (Conv2D)", "feature map"});
  ModelBuilder two({8, 8, 4});
  two.add("Conv2D", attributes(), weights(), {"input", "input"});
  expect_error<Error>(two.desc(), {"takes one input, has 2"});
}

// A kernel as wide as the configuration may say, over padding: refused before memory is asked for.
TEST(Conv2DConfig, RefusesHugeStrips) {
  expect_layer_error<UnsupportedError>(
      {8, 8, 16}, "Conv2D",
      {{"filters", value(1)}, {"kernel_size", pair(2, 2)}, {"dilation_rate", value(65000)}, {"padding", value("same")}},
      weights({2, 2, 16, 1}, {1}), {"layer 'layer1' (Conv2D)", "memory"});
  expect_layer_error<UnsupportedError>(
      {8, 8, 16}, "Conv2D",
      {{"filters", value(1)}, {"kernel_size", pair(3, 3)}, {"dilation_rate", value(65000)}, {"padding", value("same")}},
      weights({3, 3, 16, 1}, {1}), {"layer 'layer1' (Conv2D)", "large"});
}

TEST(Conv2DConfig, IgnoresWhatCannotMatter) {
  AttributeMap map = attributes();
  map["trainable"] = value(false);
  map["kernel_initializer"] = object({{"class_name", value("GlorotUniform")}});
  map["kernel_regularizer"] = null();
  map["a_null_setting"] = null();
  map["activation"] = object({{"class_name", value("function")}, {"config", value("relu")}});
  ModelBuilder net({8, 8, 4});
  net.add("Conv2D", map, weights());
  EXPECT_NO_THROW(Model::create(net.desc()));
}

}  // namespace
}  // namespace fovea::test
