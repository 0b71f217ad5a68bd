// Reading of attributes and weights: what is accepted, what the errors say, and that nothing is passed over in silence.
#include <fovea/layer_config.h>

#include <gtest/gtest.h>

#include <algorithm>

#include <fovea/error.h>
#include "layers/registry.h"
#include "tests/support/model_builder.h"

namespace fovea::test {
namespace {

LayerConfig config(AttributeMap attributes, std::vector<Weight> weights = {}) {
  return {"Conv2D", "conv1", std::move(attributes), std::move(weights)};
}

// The message of the Error that `read` throws.
template <class Read>
std::string error_of(Read read) {
  try {
    read();
  } catch (const Error& e) {
    return e.what();
  }
  return "no error";
}

TEST(LayerConfig, ReadsEveryKindOfAttribute) {
  const LayerConfig c = config({{"yes", value(true)},
                                {"three", value(3)},
                                {"half", value(0.5)},
                                {"word", value("same")},
                                {"none", null()},
                                {"two", pair(1, 2)}});
  EXPECT_TRUE(c.boolean("yes", false));
  EXPECT_EQ(c.integer("three", 0), 3);
  EXPECT_EQ(c.number("half", 0), 0.5);
  EXPECT_EQ(c.number("three", 0), 3.0);
  EXPECT_EQ(c.text("word", ""), "same");
  EXPECT_EQ(c.pair("two", 0), (std::pair<std::int64_t, std::int64_t>{1, 2}));
  EXPECT_EQ(c.pair("three", 0), (std::pair<std::int64_t, std::int64_t>{3, 3}));
  EXPECT_TRUE(c.has("three"));
  EXPECT_FALSE(c.has("none"));
  EXPECT_FALSE(c.has("absent"));
  EXPECT_NE(c.find("none"), nullptr);
  EXPECT_EQ(c.find("absent"), nullptr);
}

// Python takes 1 for true, and a division gives 23.0.
TEST(LayerConfig, ReadsWhatPythonTakesForTheSame) {
  const LayerConfig c = config({{"one", value(1)},
                                {"zero", value(0)},
                                {"whole", value(23.0)},
                                {"two", list({value(2.0), value(3)})},
                                {"large", value(1e18)},
                                {"seven", value(7)}});
  EXPECT_TRUE(c.boolean("one", false));
  EXPECT_FALSE(c.boolean("zero", true));
  EXPECT_EQ(c.integer("whole", 0), 23);
  EXPECT_EQ(c.pair("whole", 0), (std::pair<std::int64_t, std::int64_t>{23, 23}));
  EXPECT_EQ(c.pair("two", 0), (std::pair<std::int64_t, std::int64_t>{2, 3}));
  EXPECT_NE(error_of([&] { c.integer("large", 0); }), "no error");
  EXPECT_NE(error_of([&] { c.boolean("seven", false); }), "no error");
}

TEST(LayerConfig, FallsBackWhereAbsentOrNull) {
  const LayerConfig c = config({{"none", null()}});
  for (const char* key : {"none", "absent"}) {
    EXPECT_TRUE(c.boolean(key, true));
    EXPECT_EQ(c.integer(key, 7), 7);
    EXPECT_EQ(c.number(key, 0.25), 0.25);
    EXPECT_EQ(c.text(key, "valid"), "valid");
    EXPECT_EQ(c.pair(key, 2), (std::pair<std::int64_t, std::int64_t>{2, 2}));
  }
}

TEST(LayerConfig, ErrorsNameLayerClassAndAttribute) {
  const LayerConfig c =
      config({{"word", value("same")}, {"half", value(0.5)}, {"triple", list({value(1), value(2), value(3)})}});
  EXPECT_EQ(error_of([&] { c.boolean("word", false); }),
            "layer 'conv1' (Conv2D): attribute 'word' is not true or false");
  EXPECT_EQ(error_of([&] { c.integer("half", 0); }), "layer 'conv1' (Conv2D): attribute 'half' is not a whole number");
  EXPECT_EQ(error_of([&] { c.number("word", 0); }), "layer 'conv1' (Conv2D): attribute 'word' is not a number");
  EXPECT_EQ(error_of([&] { c.text("half", ""); }), "layer 'conv1' (Conv2D): attribute 'half' is not a string");
  for (const char* key : {"word", "half", "triple"}) {
    EXPECT_EQ(error_of([&] { c.pair(key, 0); }),
              "layer 'conv1' (Conv2D): attribute '" + std::string(key) + "' is not a pair of whole numbers");
  }
}

TEST(LayerConfig, ChecksWeights) {
  const LayerConfig c = config({}, {weight("kernel", {1, 2, 3}, std::vector<float>(6, 1))});
  EXPECT_TRUE(c.has_weight("kernel"));
  EXPECT_FALSE(c.has_weight("bias"));
  EXPECT_EQ(c.weight("kernel", {1, 2, 3}).elements(), 6);
  EXPECT_EQ(&c.weight("kernel", {kAnySize, 2, kAnySize}), c.weights().data());
  EXPECT_EQ(error_of([&] { c.weight("bias", {3}); }), "layer 'conv1' (Conv2D): weight 'bias' is missing");
  EXPECT_EQ(error_of([&] {
              c.weight("kernel", {1, kAnySize, 4});
            }),
            "layer 'conv1' (Conv2D): kernel is 1x2x3, the configuration says 1x?x4");
  EXPECT_EQ(error_of([&] {
              c.weight("kernel", {1, 2});
            }),
            "layer 'conv1' (Conv2D): kernel is 1x2x3, the configuration says 1x2");
}

TEST(LayerConfig, ReportsWhatNobodyRead) {
  const LayerConfig c = config({{"known", value(1)}, {"new_in_keras_9", value(1)}}, {weight("kernel", {1}, {1})});
  c.integer("known", 0);
  EXPECT_EQ(error_of([&] { c.check_all_read(); }),
            "layer 'conv1' (Conv2D): attribute 'new_in_keras_9' = 1 is not supported");
  c.find("new_in_keras_9");
  EXPECT_EQ(error_of([&] { c.check_all_read(); }), "layer 'conv1' (Conv2D): weight 'kernel' is not expected here");
  c.weight("kernel", {1});
  EXPECT_EQ(error_of([&] { c.check_all_read(); }), "no error");
}

TEST(LayerConfig, LeavesWhatCannotMatterUnread) {
  config({{"name", value("x")},
          {"trainable", value(false)},
          {"dtype", value("float32")},
          {"kernel_initializer", value("zeros")},
          {"bias_regularizer", value("l2")},
          {"gamma_constraint", value("unit")},
          {"batch_shape", null()},
          {"anything", null()}})
      .check_all_read();
}

TEST(Registry, KnowsItsLayersAndNoOthers) {
  const std::vector<std::string> classes = layer_classes();
  EXPECT_TRUE(std::is_sorted(classes.begin(), classes.end()));
  EXPECT_NE(std::find(classes.begin(), classes.end(), "Conv2D"), classes.end());
  EXPECT_EQ(make_layer(LayerConfig("Lambda", "l", {}, {})), nullptr);
  EXPECT_EQ(make_layer(LayerConfig("conv2d", "l", {}, {})), nullptr);
  EXPECT_EQ(make_layer(LayerConfig("", "l", {}, {})), nullptr);
  const auto layer = make_layer(LayerConfig("ReLU", "act", {}, {}));
  ASSERT_NE(layer, nullptr);
  EXPECT_EQ(layer->name(), "act");
  EXPECT_EQ(layer->class_name(), "ReLU");
}

}  // namespace
}  // namespace fovea::test
