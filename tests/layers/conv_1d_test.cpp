// Conv1D: geometry, causal padding, groups, and what is folded in.
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

}  // namespace
}  // namespace fovea::test
