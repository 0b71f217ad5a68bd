// Operations: the same as the layers that they stand for.
#include "tests/support/layer_test.h"

namespace fovea::test {
namespace {

class Operation : public LayerTest {};
FOVEA_EVERY_TABLE(Operation);

AttributeMap operation(const char* name, AttributeMap others = {}) {
  others.emplace("operation", value(name));
  return others;
}

TEST_P(Operation, Constants) {
  for (const bool first : {false, true}) {
    ModelBuilder net({5, 7, 18});
    net.conv({.filters = 19});
    for (const char* name : {"add", "subtract", "multiply", "maximum", "minimum"}) {
      net.add("Operation", operation(name, {{"constant", value(0.75)}, {"constant_first", value(first)}}));
    }
    net.add("Operation", operation("divide", {{"constant", value(3)}}));
    net.add("Operation", operation("power", {{"constant", value(2)}}));
    net.add("Operation", operation("negative"));
    net.add("Operation", operation("clip", {{"x_min", value(-0.5)}, {"x_max", value(0.25)}}));
    expect_matches(net);
  }
}

TEST_P(Operation, Tensors) {
  ModelBuilder net({5, 7, 18});
  const std::string a = net.conv({.filters = 18});
  for (const char* name : {"add", "subtract", "multiply", "maximum", "minimum"}) {
    net.add("Operation", operation(name), {}, {net.last(), "input"});
  }
  net.add("Operation", operation("concatenate", {{"axis", value(-1)}}), {}, {net.last(), a});
  expect_matches(net);
}

TEST_P(Operation, Functions) {
  for (const char* name :
       {"relu", "relu6", "sigmoid", "tanh", "silu", "softplus", "soft_sign", "mish", "hard_sigmoid", "hard_silu",
        "selu", "log_sigmoid", "absolute", "softmax", "log_softmax", "leaky_relu", "elu", "identity"}) {
    SCOPED_TRACE(name);
    ModelBuilder net({5, 7, 18});
    net.add("Operation", operation(name));
    expect_matches(net);
  }
  for (const bool approximate : {false, true}) {
    ModelBuilder net({5, 7, 18});
    net.add("Operation", operation("gelu", {{"approximate", value(approximate)}}));
    expect_matches(net);
  }
}

TEST_P(Operation, Shapes) {
  ModelBuilder net({5, 4, 18});
  net.add("Operation", operation("transpose", {{"axes", list({value(0), value(2), value(1), value(3)})}}));
  net.add("Operation", operation("pad", {{"pad_width", list({pair(0, 0), pair(1, 2), pair(0, 3), pair(0, 0)})}}));
  net.add("Operation", operation("resize", {{"size", pair(4, 5)}}));
  const std::string map = net.last();
  net.add("Operation", operation("max", {{"axis", pair(2, 1)}, {"keepdims", value(true)}}), {}, {map});
  net.add("Operation", operation("squeeze", {{"axis", pair(1, 2)}}));
  net.add("Operation", operation("expand_dims", {{"axis", value(1)}}));
  net.add("Operation", operation("reshape", {{"newshape", list({value(-1), value(1), value(1), value(18)})}}));
  net.add("Operation", operation("add"), {}, {net.last(), map});
  net.add("Operation", operation("mean", {{"axis", pair(1, 2)}}));
  expect_matches(net);
}

TEST(OperationConfig, Refuses) {
  const auto refuse = [](AttributeMap attributes, const char* part) {
    expect_layer_error<UnsupportedError>({4, 4, 3}, "Operation", std::move(attributes), {},
                                         {"layer 'layer1' (Operation)", part});
  };
  refuse(operation("get_item"), "'get_item'");
  refuse(operation("divide", {{"constant", value(2)}, {"constant_first", value(true)}}), "'divide'");
  refuse(operation("mean", {{"axis", value(-1)}}), "mean over axes");
  refuse(operation("transpose"), "batch");
  refuse(operation("pad", {{"pad_width", list({pair(0, 0), pair(1, 2), pair(0, 3), pair(0, 1)})}}), "padding");
  refuse(operation("relu", {{"secret", value(1)}}), "secret");
}

}  // namespace
}  // namespace fovea::test
