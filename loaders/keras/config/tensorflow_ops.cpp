// A table of operations: what their constant operands and attributes mean. Source: tensorflow/core/ops/*_ops.cc.
#include "loaders/keras/config/tensorflow_ops.h"

#include <charconv>
#include <map>
#include <optional>
#include <vector>

#include <fovea/error.h>
#include "layers/operation/operation_kind.h"
#include "loaders/keras/json/access.h"
#include "loaders/keras/json/json.h"
#include "loaders/printable.h"

namespace fovea::keras {
namespace {

// In place of an operand's number: the last one, and none.
constexpr std::int64_t kLast = -1, kNone = -2;

using Kind = OperationKind;

struct Operation {
  Kind kind;
  std::map<std::int64_t, const char*> constants;    ///< setting that an operand with this number is
  std::map<std::string, const char*> attributes{};  ///< setting that an attribute of the node is
};

const std::map<std::string, Operation> kTensorFlowOperations = {
    {"Abs", {Kind::absolute, {}}},
    {"Add", {Kind::add, {{0, "x"}, {1, "y"}}}},
    {"AddV2", {Kind::add, {{0, "x"}, {1, "y"}}}},
    {"All", {Kind::all, {{1, "axis"}}, {{"keep_dims", "keepdims"}}}},
    {"Any", {Kind::any, {{1, "axis"}}, {{"keep_dims", "keepdims"}}}},
    {"ArgMax", {Kind::argmax, {{1, "axis"}}}},
    {"ArgMin", {Kind::argmin, {{1, "axis"}}}},
    {"AvgPool",
     {Kind::average_pool,
      {},
      {{"ksize", "pool_size"}, {"strides", "strides"}, {"padding", "padding"}, {"data_format", "data_format"}}}},
    {"BiasAdd", {Kind::bias_add, {{1, "bias"}}, {{"data_format", "data_format"}}}},
    {"Cast", {Kind::cast, {}, {{"DstT", "dtype"}}}},
    {"Ceil", {Kind::ceil, {}}},
    {"ClipByValue", {Kind::clip, {{1, "x_min"}, {2, "x_max"}}}},
    {"ConcatV2", {Kind::concatenate, {{kLast, "axis"}}}},
    {"Cumprod", {Kind::cumprod, {{1, "axis"}}, {{"exclusive", "exclusive"}, {"reverse", "reverse"}}}},
    {"Cumsum", {Kind::cumsum, {{1, "axis"}}, {{"exclusive", "exclusive"}, {"reverse", "reverse"}}}},
    {"DepthToSpace", {Kind::depth_to_space, {}, {{"block_size", "block_size"}, {"data_format", "data_format"}}}},
    {"Div", {Kind::divide, {{0, "x"}, {1, "y"}}}},
    {"Elu", {Kind::elu, {}}},
    {"Equal", {Kind::equal, {{0, "x"}, {1, "y"}}}},
    {"Exp", {Kind::exp, {}}},
    {"ExpandDims", {Kind::expand_dims, {{1, "axis"}}}},
    {"Expm1", {Kind::expm1, {}}},
    {"Floor", {Kind::floor, {}}},
    {"FloorDiv", {Kind::floor_divide, {{0, "x"}, {1, "y"}}}},
    {"FloorMod", {Kind::mod, {{0, "x"}, {1, "y"}}}},
    {"GatherV2", {Kind::take, {{1, "indices"}, {2, "axis"}}, {{"batch_dims", "batch_dims"}}}},
    {"Greater", {Kind::greater, {{0, "x"}, {1, "y"}}}},
    {"GreaterEqual", {Kind::greater_equal, {{0, "x"}, {1, "y"}}}},
    {"Identity", {Kind::identity, {}}},
    {"LeakyRelu", {Kind::leaky_relu, {}, {{"alpha", "alpha"}}}},
    {"Less", {Kind::less, {{0, "x"}, {1, "y"}}}},
    {"LessEqual", {Kind::less_equal, {{0, "x"}, {1, "y"}}}},
    {"Log", {Kind::log, {}}},
    {"Log1p", {Kind::log1p, {}}},
    {"LogSoftmax", {Kind::log_softmax, {}}},
    {"LogicalAnd", {Kind::logical_and, {{0, "x"}, {1, "y"}}}},
    {"LogicalNot", {Kind::logical_not, {}}},
    {"LogicalOr", {Kind::logical_or, {{0, "x"}, {1, "y"}}}},
    {"Max", {Kind::max, {{1, "axis"}}, {{"keep_dims", "keepdims"}}}},
    {"MaxPool",
     {Kind::max_pool,
      {},
      {{"ksize", "pool_size"}, {"strides", "strides"}, {"padding", "padding"}, {"data_format", "data_format"}}}},
    {"Maximum", {Kind::maximum, {{0, "x"}, {1, "y"}}}},
    {"Mean", {Kind::mean, {{1, "axis"}}, {{"keep_dims", "keepdims"}}}},
    {"Min", {Kind::min, {{1, "axis"}}, {{"keep_dims", "keepdims"}}}},
    {"Minimum", {Kind::minimum, {{0, "x"}, {1, "y"}}}},
    {"MirrorPad", {Kind::pad, {{1, "pad_width"}}, {{"mode", "mode"}}}},
    {"Mul", {Kind::multiply, {{0, "x"}, {1, "y"}}}},
    {"Neg", {Kind::negative, {}}},
    {"NotEqual", {Kind::not_equal, {{0, "x"}, {1, "y"}}}},
    {"OnesLike", {Kind::ones_like, {}}},
    {"Pack", {Kind::stack, {}, {{"axis", "axis"}}}},
    {"Pad", {Kind::pad, {{1, "pad_width"}}}},
    {"PadV2", {Kind::pad, {{1, "pad_width"}, {2, "constant_values"}}}},
    {"Pow", {Kind::power, {{0, "x"}, {1, "y"}}}},
    {"Prod", {Kind::prod, {{1, "axis"}}, {{"keep_dims", "keepdims"}}}},
    {"RealDiv", {Kind::divide, {{0, "x"}, {1, "y"}}}},
    {"Reciprocal", {Kind::reciprocal, {}}},
    {"Relu", {Kind::relu, {}}},
    {"Relu6", {Kind::relu6, {}}},
    {"Reshape", {Kind::reshape, {{1, "newshape"}}}},
    {"Round", {Kind::round, {}}},
    {"Rsqrt", {Kind::rsqrt, {}}},
    {"Select", {Kind::where, {{1, "x"}, {2, "y"}}}},
    {"SelectV2", {Kind::where, {{0, "condition"}, {1, "x"}, {2, "y"}}}},
    {"Selu", {Kind::selu, {}}},
    {"Sigmoid", {Kind::sigmoid, {}}},
    {"Sign", {Kind::sign, {}}},
    {"Softmax", {Kind::softmax, {}}},
    {"Softplus", {Kind::softplus, {}}},
    {"Softsign", {Kind::soft_sign, {}}},
    {"SpaceToDepth", {Kind::space_to_depth, {}, {{"block_size", "block_size"}, {"data_format", "data_format"}}}},
    {"Sqrt", {Kind::sqrt, {}}},
    {"Square", {Kind::square, {}}},
    {"SquaredDifference", {Kind::squared_difference, {{0, "x"}, {1, "y"}}}},
    {"Squeeze", {Kind::squeeze, {}, {{"squeeze_dims", "axis"}}}},
    {"StopGradient", {Kind::stop_gradient, {}}},
    {"Sub", {Kind::subtract, {{0, "x"}, {1, "y"}}}},
    {"Sum", {Kind::sum, {{1, "axis"}}, {{"keep_dims", "keepdims"}}}},
    {"Tanh", {Kind::tanh, {}}},
    {"Tile", {Kind::tile, {{1, "repeats"}}}},
    {"Transpose", {Kind::transpose, {{1, "axes"}}}},
    {"ZerosLike", {Kind::zeros_like, {}}}};

std::optional<std::int64_t> whole(const std::string& digits) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (error != std::errc() || end != digits.data() + digits.size()) return std::nullopt;
  return value;
}

// The words that attributes have, as protocol buffers put them into JSON, and types.
const std::map<std::string, const char*> kBase64 = {{"TkhXQw==", "NHWC"},        {"TkNIVw==", "NCHW"},
                                                    {"U0FNRQ==", "SAME"},        {"VkFMSUQ=", "VALID"},
                                                    {"UkVGTEVDVA==", "REFLECT"}, {"U1lNTUVUUklD", "SYMMETRIC"}};
const std::map<std::string, const char*> kTypes = {
    {"DT_FLOAT", "float32"}, {"DT_HALF", "float16"}, {"DT_DOUBLE", "float64"}, {"DT_BOOL", "bool"},
    {"DT_INT32", "int32"},   {"DT_INT64", "int64"},  {"DT_UINT8", "uint8"}};

/// AttrValue as protocol buffers put it into JSON: {"i": "4"}, {"f": 0.2}, {"b": true}, {"s": base64},
/// {"type": "DT_FLOAT"}, {"list": {"i": ["1", "2"]}}.
Attribute plain(const Attribute& value) {
  const auto* object = as<AttributeMap>(value);
  if (object == nullptr) {
    const auto* digits = as<std::string>(value);
    const auto number_of = digits == nullptr ? std::nullopt : whole(*digits);
    return number_of ? number(*number_of) : value;
  }
  if (const Attribute* number = find(*object, "i")) return plain(*number);
  if (const Attribute* real = find(*object, "f")) return *real;
  if (const Attribute* flag = find(*object, "b")) return *flag;
  if (const Attribute* bytes = find(*object, "s")) {
    const auto* base64 = as<std::string>(*bytes);
    const auto known = base64 == nullptr ? kBase64.end() : kBase64.find(*base64);
    return known != kBase64.end() ? text(known->second) : *bytes;
  }
  if (const Attribute* type = find(*object, "type")) {
    const auto* name = as<std::string>(*type);
    const auto known = name == nullptr ? kTypes.end() : kTypes.find(*name);
    return known != kTypes.end() ? text(known->second) : *type;
  }
  const Attribute* items = find(*object, "list");
  const auto* members = items == nullptr ? nullptr : as<AttributeMap>(*items);
  const Attribute* numbers = members == nullptr ? nullptr : find(*members, "i");
  const auto* several = numbers == nullptr ? nullptr : as<AttributeList>(*numbers);
  AttributeList all;
  for (const Attribute& item : several == nullptr ? AttributeList{} : *several) all.push_back(plain(item));
  return list(all);
}

/// x[begin:end:stride, ...] of StridedSlice, whose masks say by a bit for each part what stands there instead.
Attribute slice_key(const AttributeMap& node, const AttributeMap& constants, const std::string& place) {
  const AttributeMap& attributes = object_at(node, "attr", place + ": 'node_def'");
  const auto mask = [&](const char* name) {
    const Attribute* value = find(attributes, name);
    const Attribute bits = value == nullptr ? number(0) : plain(*value);
    const auto* whole_bits = as<std::int64_t>(bits);
    return whole_bits == nullptr ? 0 : *whole_bits;
  };
  const AttributeList &begin = list_at(constants, "1", place), &end = list_at(constants, "2", place),
                      &step = list_at(constants, "3", place);
  if (begin.size() != end.size() || begin.size() != step.size() || begin.size() > 32)
    throw Error(place + ": its slices differ in length");
  AttributeList key;
  for (std::size_t i = 0; i < begin.size(); ++i) {
    const auto is_set = [&](const char* name) { return (mask(name) >> i & 1) != 0; };
    if (is_set("ellipsis_mask")) {
      key.push_back(object({{"class_name", text("__ellipsis__")}}));
    } else if (is_set("new_axis_mask")) {
      key.emplace_back();
    } else if (is_set("shrink_axis_mask")) {
      key.push_back(begin[i]);
    } else {
      key.push_back(object({{"start", is_set("begin_mask") ? Attribute() : begin[i]},
                            {"stop", is_set("end_mask") ? Attribute() : end[i]},
                            {"step", step[i]}}));
    }
  }
  return list(key);
}

/// The node, which TensorFlow 2.0 and 2.1 wrote as text.
AttributeMap node_def(const AttributeMap& config, const std::string& place) {
  const Attribute* node = find(config, "node_def");
  if (node == nullptr) throw Error(place + ": has no 'node_def'");
  const auto* json = as<std::string>(*node);
  const Attribute parsed = json == nullptr ? *node : parse_json(*json, place + ": 'node_def'");
  return expect_object(parsed, place + ": 'node_def'");
}

}  // namespace

AttributeMap tensorflow_op(const AttributeMap& config, const std::string& place) {
  const AttributeMap node = node_def(config, place);
  const std::string& name = text_at(node, "op", place + ": 'node_def'");
  AttributeMap settings{{operation_key::kKind, text(name)}};
  if (name == "StridedSlice") {
    settings[operation_key::kKind] = text(operation_name(Kind::get_item));
    settings[operation_key::kSlice] = slice_key(node, object_at(config, "constants", place), place);
    return settings;
  }
  const auto known = kTensorFlowOperations.find(name);
  if (known == kTensorFlowOperations.end()) return settings;
  const Operation& operation = known->second;
  settings[operation_key::kKind] = text(operation_name(operation.kind));
  if (const Attribute* attributes = find(node, "attr")) {
    for (const auto& [key, value] : expect_object(*attributes, place + ": 'attr'")) {
      const auto setting = operation.attributes.find(key);
      if (setting != operation.attributes.end()) settings[setting->second] = plain(value);
    }
  }
  const Attribute* constants = find(config, "constants");
  if (constants == nullptr) return settings;
  const AttributeMap& operands = expect_object(*constants, place + ": 'constants'");
  // Of a list of tensors only the axis behind them may be a constant.
  if (operation.constants.count(kLast) > 0 && operands.size() != 1)
    throw UnsupportedError(place + ": constants among its tensors are not supported");
  for (const auto& [key, value] : operands) {
    const auto number = whole(key);
    auto setting = operation.constants.find(number ? *number : kNone);
    if (setting == operation.constants.end()) setting = operation.constants.find(kLast);
    if (setting == operation.constants.end())
      throw UnsupportedError(place + ": a constant for operand " + printable(key) + " is not supported");
    settings[setting->second] = value;
  }
  return settings;
}

}  // namespace fovea::keras
