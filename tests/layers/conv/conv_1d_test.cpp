// Conv1D and the other convolutions of rows: geometry, causal padding, groups, and what is folded in.
#include "tests/support/layer_test.h"

namespace fovea::test {
namespace {

struct Options {
  std::int64_t filters, kernel = 1, stride = 1, dilation = 1, groups = 1;
  const char* padding = "valid";
  const char* activation = "linear";
};

std::string conv_1d(ModelBuilder& net, const Options& o, const std::string& from = "") {
  const std::string input = from.empty() ? net.last() : from;
  return net.add("Conv1D",
                 {{"filters", value(o.filters)},
                  {"kernel_size", list({value(o.kernel)})},
                  {"strides", list({value(o.stride)})},
                  {"dilation_rate", value(o.dilation)},
                  {"groups", value(o.groups)},
                  {"padding", value(o.padding)},
                  {"activation", value(o.activation)}},
                 {net.random_weight("kernel", {o.kernel, net.shape(input).c() / o.groups, o.filters}),
                  net.random_weight("bias", {o.filters})},
                 {input});
}

class Conv1D : public LayerTest {};
FOVEA_EVERY_TABLE(Conv1D);

// The oracle reads whole numbers only.
std::string plain(ModelBuilder& net, const Options& o) {
  return net.add("Conv1D",
                 {{"filters", value(o.filters)},
                  {"kernel_size", value(o.kernel)},
                  {"strides", value(o.stride)},
                  {"dilation_rate", value(o.dilation)},
                  {"groups", value(o.groups)},
                  {"padding", value(o.padding)},
                  {"activation", value(o.activation)}},
                 {net.random_weight("kernel", {o.kernel, net.shape(net.last()).c() / o.groups, o.filters}),
                  net.random_weight("bias", {o.filters})});
}

TEST_P(Conv1D, Geometry) {
  for (const char* padding : {"valid", "same", "causal"}) {
    for (const std::int64_t channels : {1, 3, 16, 33}) {
      for (const Options& o : {Options{5}, Options{20, 3}, Options{16, 3, 2}, Options{7, 4, 1, 2}, Options{3, 2, 3}}) {
        for (const bool integers : {true, false}) {
          SCOPED_TRACE(testing::Message() << padding << ", " << channels << " channels, kernel " << o.kernel);
          Options own = o;
          own.padding = padding;
          ModelBuilder net({11, channels}, integers);
          plain(net, own);
          expect_matches(net);
        }
      }
    }
  }
}

TEST_P(Conv1D, WhatIsFoldedIn) {
  ModelBuilder net({30, 20});
  const std::string x = plain(net, {.filters = 24, .kernel = 5, .padding = "same", .activation = "relu"});
  net.batch_norm(plain(net, {.filters = 24, .kernel = 3, .groups = 4, .padding = "causal"}));
  net.add("Add", {}, {}, {x, net.last()});
  net.relu();
  plain(net, {.filters = 40, .kernel = 3, .activation = "sigmoid"});
  net.dense(4, "softmax", true, net.add("Flatten"));
  expect_matches(net);
}

// Keras 2 writes lists of one number.
TEST_P(Conv1D, ListsOfOne) {
  ModelBuilder net({9, 4}), same({9, 4});
  conv_1d(net, {.filters = 6, .kernel = 3, .stride = 2});
  plain(same, {.filters = 6, .kernel = 3, .stride = 2});
  EXPECT_EQ(net.shape(net.last()), same.shape(same.last()));
}

struct Rows {
  std::int64_t filters, kernel = 1, stride = 1, dilation = 1, multiplier = 1;
  const char* padding = "valid";
  const char* activation = "linear";
  bool bias = true;
  Attribute output_padding = {};
};

AttributeMap attributes_of(const Rows& o) {
  return {{"kernel_size", value(o.kernel)},       {"strides", value(o.stride)}, {"dilation_rate", value(o.dilation)},
          {"padding", value(o.padding)},          {"use_bias", value(o.bias)},  {"activation", value(o.activation)},
          {"data_format", value("channels_last")}};
}

void transpose(ModelBuilder& net, const Rows& o) {
  AttributeMap attributes = attributes_of(o);
  attributes.insert({{"filters", value(o.filters)}, {"output_padding", o.output_padding}});
  std::vector<Weight> weights = {net.random_weight("kernel", {o.kernel, o.filters, net.shape(net.last()).c()})};
  if (o.bias) weights.push_back(net.random_weight("bias", {o.filters}));
  net.add("Conv1DTranspose", attributes, std::move(weights));
}

void depthwise(ModelBuilder& net, const Rows& o) {
  AttributeMap attributes = attributes_of(o);
  attributes.emplace("depth_multiplier", value(o.multiplier));
  const std::int64_t channels = net.shape(net.last()).c();
  std::vector<Weight> weights = {net.random_weight("depthwise_kernel", {o.kernel, channels, o.multiplier})};
  if (o.bias) weights.push_back(net.random_weight("bias", {channels * o.multiplier}));
  net.add("DepthwiseConv1D", attributes, std::move(weights));
}

void separable(ModelBuilder& net, const Rows& o) {
  AttributeMap attributes = attributes_of(o);
  attributes.insert({{"filters", value(o.filters)}, {"depth_multiplier", value(o.multiplier)}});
  const std::int64_t channels = net.shape(net.last()).c();
  std::vector<Weight> weights = {net.random_weight("depthwise_kernel", {o.kernel, channels, o.multiplier}),
                                 net.random_weight("pointwise_kernel", {1, channels * o.multiplier, o.filters})};
  if (o.bias) weights.push_back(net.random_weight("bias", {o.filters}));
  net.add("SeparableConv1D", attributes, std::move(weights));
}

TEST_P(Conv1D, Transposed) {
  for (const char* padding : {"valid", "same"}) {
    for (const std::int64_t channels : {1, 16, 21}) {
      for (const Rows& o : {Rows{5}, Rows{17, 3, 2}, Rows{3, 4, 2}, Rows{6, 2, 3}, Rows{4, 3, 1, 2}, Rows{16, 5, 4}}) {
        SCOPED_TRACE(testing::Message() << padding << ", " << channels << " channels, kernel " << o.kernel
                                        << ", stride " << o.stride);
        for (const bool integers : {true, false}) {
          Rows own = o;
          own.padding = padding;
          ModelBuilder net({7, channels}, integers);
          transpose(net, own);
          expect_matches(net);
        }
      }
    }
  }
  for (const std::int64_t more : {0, 1, 2}) {
    ModelBuilder net({5, 3}), same({5, 3});
    transpose(net, {.filters = 2, .kernel = 3, .stride = 3, .output_padding = value(more)});
    EXPECT_EQ(net.shape(net.last()), (Shape{15 + more, 2}));
    expect_matches(net);
    transpose(same, {.filters = 2, .kernel = 3, .stride = 3, .padding = "same", .output_padding = value(more)});
    EXPECT_EQ(same.shape(same.last()), (Shape{13 + more, 2}));
    expect_matches(same);
  }
}

TEST_P(Conv1D, Depthwise) {
  for (const char* padding : {"valid", "same", "causal"}) {
    for (const std::int64_t channels : {1, 16, 21}) {
      for (const Rows& o :
           {Rows{0, 1}, Rows{0, 3}, Rows{0, 3, 2}, Rows{0, 4, 1, 2}, Rows{0, 3, 1, 1, 2}, Rows{0, 2, 3}}) {
        SCOPED_TRACE(testing::Message() << padding << ", " << channels << " channels, kernel " << o.kernel);
        for (const bool integers : {true, false}) {
          Rows own = o;
          own.padding = padding;
          ModelBuilder net({11, channels}, integers);
          depthwise(net, own);
          expect_matches(net);
        }
      }
    }
  }
}

TEST_P(Conv1D, Separable) {
  for (const char* padding : {"valid", "same", "causal"}) {
    for (const std::int64_t channels : {1, 16, 21}) {
      for (const Rows& o : {Rows{5, 3}, Rows{32, 3, 2}, Rows{7, 4, 1, 2}, Rows{3, 3, 1, 1, 2}}) {
        SCOPED_TRACE(testing::Message() << padding << ", " << channels << " channels, kernel " << o.kernel);
        for (const bool integers : {true, false}) {
          Rows own = o;
          own.padding = padding;
          own.bias = o.filters != 7;
          ModelBuilder net({11, channels}, integers);
          separable(net, own);
          expect_matches(net);
        }
      }
    }
  }
}

TEST_P(Conv1D, WhatIsFoldedIntoTheOthers) {
  for (const char* activation : {"linear", "relu", "tanh"}) {
    SCOPED_TRACE(activation);
    ModelBuilder net({12, 9});
    transpose(net,
              {.filters = 20, .kernel = 3, .stride = 2, .padding = "same", .activation = activation, .bias = false});
    net.batch_norm();
    net.relu();
    depthwise(net, {.filters = 0, .kernel = 3, .padding = "causal", .activation = activation});
    net.batch_norm();
    separable(net, {.filters = 18, .kernel = 3, .stride = 2, .padding = "same", .activation = activation});
    net.batch_norm();
    net.relu();
    separable(net, {.filters = 5, .kernel = 2, .activation = "softmax", .bias = false});
    expect_matches(net);
  }
}

TEST(Conv1DConfig, Refuses) {
  const auto layer = [](const Shape& input, AttributeMap attributes, std::initializer_list<const char*> parts) {
    attributes.emplace("filters", value(2));
    attributes.emplace("kernel_size", value(3));
    expect_layer_error<Error>(input, "Conv1D", attributes,
                              {weight("kernel", {3, 4, 2}, std::vector<float>(24)), weight("bias", {2}, {0, 0})},
                              parts);
  };
  layer({8, 8, 4}, {}, {"layer 'layer1' (Conv1D)", "length"});
  layer({2, 4}, {}, {"layer1", "larger than its input"});
  layer({8, 5}, {}, {"layer1", "its input is"});
  layer({8, 4}, {{"kernel_size", list({value(3), value(3)})}}, {"(Conv1D)", "kernel_size"});
  layer({8, 4}, {{"strides", value(0)}}, {"layer1", "stride"});
}

TEST(Conv1DConfig, TheOthersRefuse) {
  const Weight bias = weight("bias", {2}, {0, 0});
  const AttributeMap common = {{"filters", value(2)}, {"kernel_size", value(3)}};
  const auto refuse = [&](const char* kind, const Shape& input, AttributeMap attributes, std::vector<Weight> weights,
                          const char* part) {
    attributes.insert(common.begin(), common.end());
    weights.push_back(bias);
    expect_layer_error<Error>(input, kind, std::move(attributes), std::move(weights), {"layer 'layer1", part});
  };
  const std::vector<float> ones(24, 1.0f);
  const Weight transposed = weight("kernel", {3, 2, 4}, ones), depth = weight("depthwise_kernel", {3, 4, 1}, ones),
               point = weight("pointwise_kernel", {1, 4, 2}, ones);
  refuse("Conv1DTranspose", {8, 8, 4}, {}, {transposed}, "length");
  refuse("Conv1DTranspose", {8, 5}, {}, {transposed}, "its input is");
  refuse("Conv1DTranspose", {8, 4}, {{"kernel_size", pair(3, 3)}}, {transposed}, "kernel_size");
  refuse("Conv1DTranspose", {8, 4}, {{"output_padding", pair(0, 0)}}, {transposed}, "output_padding");
  refuse("SeparableConv1D", {8, 8, 4}, {}, {depth, point}, "length");
  refuse("SeparableConv1D", {8, 4}, {}, {depth}, "pointwise_kernel");
  refuse("SeparableConv1D", {8, 4}, {{"strides", pair(1, 2)}}, {depth, point}, "strides");
  const std::vector<Weight> weights = {depth, weight("bias", {4}, {0, 0, 0, 0})};
  expect_layer_error<Error>({8}, "DepthwiseConv1D", {{"kernel_size", value(3)}}, weights, {"layer1", "length"});
  expect_layer_error<Error>({8, 5}, "DepthwiseConv1D", {{"kernel_size", value(3)}}, weights, {"layer1", "8x5"});
  expect_layer_error<Error>({2, 4}, "DepthwiseConv1D", {{"kernel_size", value(3)}}, weights,
                            {"layer1", "larger than its input"});
}

}  // namespace
}  // namespace fovea::test
