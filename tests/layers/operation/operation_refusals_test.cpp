// What operations refuse, each with its reason.
#include "tests/layers/operation/operation_cases.h"

namespace fovea::test {
namespace {

template <class E>
void refuse(const Shape& shape, AttributeMap attributes, const char* part) {
  expect_layer_error<E>(shape, "Operation", std::move(attributes), {}, {"layer 'layer1' (Operation)", part});
}

TEST(OperationConfig, Refuses) {
  const auto unsupported = [](AttributeMap attributes, const char* part) {
    refuse<UnsupportedError>({4, 4, 3}, std::move(attributes), part);
  };
  unsupported(operation("fold"), "'fold'");
  unsupported(operation("transpose"), "batch");
  unsupported(operation("transpose", {{"axes", list(numbers({1, 0, 2, 3}))}}), "batch");
  unsupported(operation("pad", {{"pad_width", list({pair(0, 0), pair(1, 2)})}, {"mode", value("edge")}}), "'edge'");
  refuse<Error>({4, 4, 3}, operation("pad", {{"pad_width", list({pair(0, 0), pair(1, 2)})}}), "other dimensions");
  refuse<Error>({4, 4, 3}, operation("pad", {{"pad_width", list({pair(0, 0), pair(0, -2), pair(0, 0)})}}),
                "no padding");
  refuse<Error>({4, 4, 3},
                operation("pad", {{"pad_width", list({pair(0, 0), pair(4, 0), pair(0, 0), pair(0, 0)})},
                                  {"mode", value("REFLECT")}}),
                "more than there is of 4x4x3");
  unsupported(operation("take", {{"indices", list(numbers({0}))}}), "the batch");
  unsupported(operation("take", {{"indices", list(numbers({0}))}, {"axis", value(0)}}), "batch");
  unsupported(operation("take", {{"indices", value(0)}, {"axis", value(1)}}), "indices");
  refuse<Error>({4, 4, 3}, operation("take", {{"indices", list(numbers({0, 4}))}, {"axis", value(1)}}), "has not");
  for (const char* name : {"cumsum", "argmax", "std", "any"}) unsupported(operation(name), "batch");
  unsupported(operation("round", {{"decimals", value(2)}}), "decimals");
  unsupported(operation("prod", {{"axis", value(1)}, {"dtype", value("int32")}}), "int32");
  unsupported(operation("relu", {{"constant", value(2)}}), "'relu' with a constant");
  refuse<Error>({4, 4, 3}, operation("where", {{"operands", list({value("tensor"), value(1)})}}), "list of 3");
  refuse<Error>({4, 4, 3}, operation("where"), "takes 3 tensors");
  unsupported(operation("greater", {{"constant", list({list({list({list({list({value(1)})})})})})}}),
              "shape 1x1x1x1x1");
  unsupported(operation("relu", {{"secret", value(1)}}), "secret");
  unsupported(operation("normalize", {{"order", value(1)}, {"axis", value(-1)}}), "orders");
  for (const char* name : {"normalize", "l2_normalize", "flip"}) unsupported(operation(name), "the batch");
  unsupported(operation("softmax", {{"axis", null()}}), "the batch");
  unsupported(operation("split_part", {{"sections", value(3)}}), "the batch");
  unsupported(operation("cast", {{"dtype", value("uint8")}}), "a cast to 'uint8'");
  unsupported(operation("pad", {{"pad_width", list({pair(1, 1), pair(1, 2), pair(0, 3), pair(0, 0)})}}), "the batch");
  unsupported(operation("stack", {{"axis", value(0)}}), "batch");
  unsupported(operation("expand_dims", {{"axis", value(0)}}), "batch");
  refuse<Error>({4, 4, 3}, operation("expand_dims", {{"axis", value(5)}}), "axis 5 does not exist");
  refuse<Error>({4, 4, 3}, operation("squeeze", {{"axis", value(1)}}), "dimension of 4");
  refuse<UnsupportedError>({1, 2, 1, 2, 1, 2}, operation("stack", {{"axis", value(1)}}), "1x2x1x2x1x2");
}

TEST(OperationConfig, RefusesConstants) {
  const auto unsupported = [](const char* name, AttributeMap others, const char* part) {
    refuse<UnsupportedError>({4, 4, 3}, operation(name, std::move(others)), part);
  };
  const Attribute each = list({value(1), value(2), value(3)});
  refuse<Error>({4, 4, 3}, operation("add", {{"constant", list({list({value(1)}), list({value(2)})})}}), "2x1");
  for (const Attribute& constant : {list({value("one")}), list({list({value(1)}), value(2)})})
    refuse<Error>({4, 4, 3}, operation("add", {{"constant", constant}}), "not numbers in equal rows");
  unsupported("greater", {{"constant", list({list({list({list({list({each})})})})})}}, "shape 1x1x1x1x1x3");
  unsupported("fold", {{"constant", value(2)}}, "'fold' with a constant");
  unsupported("bias_add", {{"constant", each}, {"data_format", value("NCHW")}}, "data_format");
  refuse<Error>({4, 4, 3}, operation("add", {{"constant", list({})}}), "'constant' is empty");
  refuse<Error>({4, 4, 3}, operation("add", {{"constant", list({value(1), value(2)})}}), "2 channels");
  refuse<Error>({4, 4, 3}, operation("add", {{"constant", list({value(1), value(2), value(3), value(4)})}}),
                "4 channels");
}

TEST(OperationConfig, RefusesReductions) {
  for (const char* name : {"sum", "mean", "max", "min"}) {
    refuse<UnsupportedError>({4, 4, 3}, operation(name), "batch");
    refuse<UnsupportedError>({4, 4, 3}, operation(name, {{"axis", value(0)}}), "batch");
    refuse<UnsupportedError>({4, 4, 3}, operation(name, {{"axis", pair(-4, 1)}}), "batch");
    refuse<UnsupportedError>({4, 4, 3}, operation(name, {{"axis", value(1)}, {"initial", value(1)}}), "initial");
    refuse<Error>({4, 4, 3}, operation(name, {{"axis", value(4)}}), "axis 4 does not exist");
    refuse<Error>({4, 4, 3}, operation(name, {{"axis", pair(2, -2)}}), "twice");
    refuse<Error>({4, 4, 3}, operation(name, {{"axis", value("rows")}}), "axis");
  }
}

TEST(OperationConfig, RefusesKeys) {
  const auto error = [](AttributeList key, const char* part) {
    refuse<Error>({4, 4, 3}, operation("get_item", {{"argument 1", list(std::move(key))}}), part);
  };
  const auto unsupported = [](AttributeList key, const char* part) {
    refuse<UnsupportedError>({4, 4, 3}, operation("get_item", {{"argument 1", list(std::move(key))}}), part);
  };
  refuse<Error>({4, 4, 3}, operation("get_item"), "has no key");
  error({whole(), slice(null(), null(), value(0))}, "step 0");
  error({ellipsis(), value(1), ellipsis()}, "more than one ellipsis");
  error({whole(), value(4)}, "does not fit its input 4x4x3");
  error({whole(), value(-5)}, "does not fit");
  error({ellipsis(), value(3)}, "does not fit");
  error({whole(), whole(), whole(), whole(), whole()}, "does not fit");
  error({whole(), value(std::int64_t{1} << 62)}, "does not fit");
  error({whole(), slice(value(2), value(2))}, "nothing is left of 4x4x3");
  error({whole(), slice(value(1), value(3), value(-1))}, "nothing is left");
  error({whole(), slice(value(9), null())}, "nothing is left");
  unsupported({value(0)}, "batch");
  unsupported({null()}, "batch");
  unsupported({slice(value(1), null())}, "batch");
  unsupported({slice(null(), value(1))}, "batch");
  unsupported({slice(null(), null(), value(-1))}, "batch");
  unsupported({slice(null(), null(), value(2)), whole()}, "batch");
  unsupported({whole(), value("a")}, "this way to index");
  unsupported({whole(), value(0.5)}, "this way to index");
  unsupported({whole(), list(numbers({0, 1}))}, "this way to index");
  unsupported({whole(), object({{"class_name", value("__keras_tensor__")}, {"config", object({})}})},
              "this way to index");
  unsupported({whole(), slice(value(0.5), null())}, "this way to index");
  unsupported({whole(), null(), null(), null(), null()}, "7 dimensions");
}

TEST(OperationConfig, RefusesViews) {
  const auto error = [](const char* name, AttributeMap others, const char* part) {
    refuse<Error>({4, 4, 3}, operation(name, std::move(others)), part);
  };
  const auto unsupported = [](const char* name, AttributeMap others, const char* part) {
    refuse<UnsupportedError>({4, 4, 3}, operation(name, std::move(others)), part);
  };
  unsupported("flip", {{"axis", pair(0, 1)}}, "batch");
  error("flip", {{"axis", value(4)}}, "axis 4 does not exist");
  unsupported("swapaxes", {{"axis1", value(0)}, {"axis2", value(1)}}, "batch");
  error("swapaxes", {{"axis1", value(1)}, {"axis2", value(-5)}}, "axis -5 does not exist");
  unsupported("repeat", {{"repeats", value(2)}}, "without an axis");
  unsupported("repeat", {{"repeats", value(2)}, {"axis", value(0)}}, "batch");
  error("repeat", {{"repeats", value(0)}, {"axis", value(1)}}, "'repeats' is out of range");
  unsupported("tile", {{"repeats", list(numbers({2, 1, 1, 1}))}}, "repeating this way");
  unsupported("tile", {{"repeats", list(numbers({1, 0, 1, 1}))}}, "repeating this way");
  error("tile", {{"repeats", list(numbers({1, 2, 2}))}}, "other axes");
  const auto part = [](const Attribute& sections, std::int64_t number, int axis) {
    return AttributeMap{{"sections", sections}, {"part", Attribute::Value(number)}, {"axis", value(axis)}};
  };
  error("split_part", part(value(3), 0, 1), "cannot split 4x4x3 into equal parts");
  error("split_part", part(list(numbers({1, 5})), 1, 1), "cannot split 4x4x3 this way");
  error("split_part", part(list(numbers({2, 2})), 1, 1), "cannot split 4x4x3 this way");
  error("split_part", part(list(numbers({4})), 1, 1), "cannot split 4x4x3 this way");
  for (const std::int64_t number : {std::int64_t{-1}, std::int64_t{2}, std::int64_t{288230376151711743}}) {
    error("split_part", part(value(2), number, 1), "has no part of number");
    error("split_part", part(list(numbers({2})), number, 1), "has no part of number");
    AttributeMap sized = part(value(0), number, 1);
    sized["sizes"] = list(numbers({1, 3}));
    error("split_part", sized, "has no part of number");
  }
  error("split_part", part(value(0), 0, 1), "'sections' is out of range");
  error("split_part", part(value(2), 0, 5), "axis 5 does not exist");
  unsupported("split_part", part(value(1), 0, 0), "batch");
  error("depth_to_space", {{"block_size", value(2)}}, "channels of 4x4x3");
  error("space_to_depth", {{"block_size", value(3)}}, "pixels of 4x4x3");
  error("depth_to_space", {{"block_size", value(0)}}, "'block_size' is out of range");
  unsupported("depth_to_space", {{"block_size", value(2)}, {"data_format", value("NCHW")}}, "NCHW");
  refuse<Error>({4, 4}, operation("depth_to_space", {{"block_size", value(2)}}), "takes a map");
  refuse<Error>({2, 2, 4, 4}, operation("space_to_depth", {{"block_size", value(2)}}), "takes a map");
}

TEST(OperationConfig, RefusesPairs) {
  const auto paired = [](const char* name, const Shape& other, AttributeMap others = {}) {
    ModelBuilder net({4, 4, 3});
    net.add("Operation", operation(name, std::move(others)), {}, {"input", net.input(other)});
    return net.desc();
  };
  const auto layer = "layer 'layer2' (Operation)";
  expect_error<Error>(paired("divide", {4, 3, 3}), {layer, "do not fit together"});
  expect_error<Error>(paired("add", {3, 4, 3}), {"layer 'layer2'", "shape 3x4x3", "make 4x4x3"});
  expect_error<Error>(paired("stack", {4, 3, 3}, {{"axis", value(1)}}), {layer, "cannot join 4x4x3 and 4x3x3"});
  expect_error<Error>(paired("stack", {4, 4}, {{"axis", value(1)}}), {layer, "cannot join 4x4x3 and 4x4"});
  expect_error<Error>(paired("stack", {4, 4, 3}, {{"axis", value(5)}}), {layer, "axis 5 does not exist"});
  expect_error<Error>(paired("get_item", {4, 4, 3}, {{"argument 1", list({whole()})}}), {layer});
}

}  // namespace
}  // namespace fovea::test
