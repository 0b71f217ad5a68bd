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
