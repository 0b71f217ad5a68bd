// Activation layers: every kind, in every form in which a file names them.
#include "tests/support/layer_test.h"

namespace fovea::test {
namespace {

class ActivationLayer : public LayerTest {};
FOVEA_EVERY_TABLE(ActivationLayer);

TEST_P(ActivationLayer, EveryKind) {
  for (const char* activation : {"linear",       "relu",
                                 "relu6",        "softmax",
                                 "sigmoid",      "leaky_relu",
                                 "elu",          "celu",
                                 "selu",         "swish",
                                 "silu",         "hard_swish",
                                 "hard_silu",    "tanh",
                                 "mish",         "softplus",
                                 "softsign",     "exponential",
                                 "gelu",         "gelu_tanh",
                                 "hard_sigmoid", "hard_sigmoid_keras_2",
                                 "hard_tanh",    "log_sigmoid",
                                 "log_softmax"}) {
    for (const Shape& shape : {Shape{1}, Shape{5}, Shape{33}, Shape{7, 18}, Shape{3, 5, 3}, Shape{4, 5, 16},
                               Shape{2, 3, 40}, Shape{40, 20, 18}}) {
      SCOPED_TRACE(testing::Message() << activation << " " << shape.str());
      ModelBuilder net(shape);
      net.add("Activation", {{"activation", value(activation)}});
      expect_matches(net);
    }
  }
}

TEST_P(ActivationLayer, MoreDimensions) {
  for (const Shape& shape : {Shape{2, 3, 4, 19}, Shape{3, 2, 1, 2, 16}, Shape{2, 1, 3, 2, 2, 5}}) {
    SCOPED_TRACE(shape.str());
    ModelBuilder net(shape);
    net.add("Activation", {{"activation", value("tanh")}});
    net.add("LeakyReLU", {{"negative_slope", value(0.5)}});
    net.add("ELU");
    net.add("Dropout", {{"rate", value(0.5)}});
    net.add("PReLU", {}, {net.random_weight("alpha", shape.dims())});
    net.add("Rescaling", {{"scale", value(2)}, {"offset", value(0.25)}});
    net.add("LayerScale", {}, {net.random_weight("gamma", {shape.c()})});
    net.batch_norm();
    net.add("Activation", {{"activation", value("softmax")}});
    expect_matches(net);
    net.dense(5, "relu", true, net.add("Flatten"));
    expect_matches(net);
  }
}

// {"class_name": "LeakyReLU", "config": {...}} in place of a function's name.
TEST_P(ActivationLayer, LayersAsActivations) {
  const std::pair<const char*, AttributeMap> layers[] = {{"LeakyReLU", {{"negative_slope", value(0.5)}}},
                                                         {"ReLU", {{"max_value", value(0.25)}}},
                                                         {"ELU", {{"alpha", value(0.75)}}},
                                                         {"Softmax", {{"axis", value(-1)}}},
                                                         {"ThresholdedReLU", {{"theta", value(0.25)}}}};
  for (const auto& [kind, own] : layers) {
    SCOPED_TRACE(kind);
    const Attribute activation = object({{"class_name", value(kind)}, {"config", object(own)}});
    ModelBuilder net({5, 7, 3});
    net.add("Conv2D", {{"filters", value(18)}, {"kernel_size", pair(3, 3)}, {"activation", activation}},
            {net.random_weight("kernel", {3, 3, 3, 18}), net.random_weight("bias", {18})});
    net.add("Activation", {{"activation", activation}});
    expect_matches(net);
  }
}

// activation="LeakyReLU": Keras 2 makes such a layer, with its defaults.
TEST(ActivationConfig, ClassesHaveTheirDefaults) {
  const std::pair<const char*, AttributeMap> layers[] = {{"LeakyReLU", {{"negative_slope", value(0.3)}}},
                                                         {"ReLU", {}},
                                                         {"ELU", {{"alpha", value(1.0)}}},
                                                         {"Softmax", {{"axis", value(-1)}}},
                                                         {"ThresholdedReLU", {{"theta", value(1.0)}}}};
  for (const auto& [kind, defaults] : layers) {
    SCOPED_TRACE(kind);
    const Attribute named = value(kind), spelled = object({{"class_name", value(kind)}, {"config", object(defaults)}});
    std::vector<std::vector<float>> answers;
    for (const Attribute& activation : {named, spelled}) {
      ModelBuilder net({5, 7, 3});
      net.add("Activation", {{"activation", activation}});
      Session session(Model::create(net.desc()));
      std::ranges::copy(net.image(0), session.input().begin());
      session.run();
      answers.emplace_back(session.output().begin(), session.output().end());
    }
    EXPECT_EQ(answers[0], answers[1]);
  }
}

// What works on the rows and columns of a map takes no other shapes.
TEST(ActivationConfig, MapsHaveThreeDimensions) {
  const std::pair<const char*, AttributeMap> layers[] = {{"MaxPooling2D", {}},
                                                         {"AveragePooling2D", {}},
                                                         {"GlobalAveragePooling2D", {}},
                                                         {"GlobalMaxPooling2D", {}},
                                                         {"ZeroPadding2D", {{"padding", value(1)}}},
                                                         {"Cropping2D", {{"cropping", value(1)}}},
                                                         {"CenterCrop", {{"height", value(1)}, {"width", value(1)}}},
                                                         {"UpSampling2D", {}},
                                                         {"Resizing", {{"height", value(4)}, {"width", value(4)}}}};
  for (const auto& [kind, attributes] : layers) {
    for (const Shape& shape : {Shape{4, 4, 4, 3}, Shape{2, 2, 4, 4, 3}}) {
      expect_layer_error<Error>(shape, kind, attributes, {}, {"layer 'layer1'", kind, shape.str().c_str()});
    }
  }
}

TEST(Activation, Forms) {
  const AttributeMap function = {
      {"class_name", value("function")}, {"config", value("relu")}, {"module", value("builtins")}};
  for (const Attribute& form :
       {value("relu"), object(function), object({{"class_name", value("relu")}, {"config", object({})}})}) {
    ModelBuilder net({4});
    net.add("Activation", {{"activation", form}});
    Session session(Model::create(net.desc()));
    std::fill_n(session.input().data(), 4, -1.0f);
    session.run();
    EXPECT_EQ(session.output()[0], 0);
  }
}

TEST(Activation, Refuses) {
  for (const char* other : {"glu", "sparsemax", "tanh2", ""}) {
    expect_layer_error<UnsupportedError>({4}, "Activation", {{"activation", value(other)}}, {},
                                         {"layer 'layer1' (Activation)", "activation '", other});
  }
  expect_layer_error<Error>({4}, "Activation", {{"activation", value(7)}}, {},
                            {"layer 'layer1' (Activation)", "activation"});
  expect_layer_error<Error>({4}, "Activation", {{"activation", object({})}}, {},
                            {"layer 'layer1' (Activation)", "activation"});
  expect_layer_error<UnsupportedError>({4}, "Activation", {{"activation", value("relu")}, {"alpha", value(0.1)}}, {},
                                       {"layer 'layer1' (Activation)", "alpha"});
}

}  // namespace
}  // namespace fovea::test
