// Names of operations and of their settings, brought to those of Keras 3.
#include "loaders/keras/operations.h"

#include <algorithm>
#include <map>
#include <set>

#include "layers/error.h"
#include "loaders/hdf5/printable.h"
#include "loaders/keras/access.h"
#include "loaders/keras/saved_names.h"
#include "loaders/keras/tensorflow_ops.h"

namespace fovea::keras {
namespace {

constexpr const char *kTensorFlow = "TFOpLambda", *kTensorFlowSlice = "SlicingOpLambda";
constexpr const char* kKeras3Modules = "keras.src.ops.";

// Bounds that no real network meets.
constexpr std::int64_t kMostParts = 256, kLargestPart = std::int64_t{1} << 32;

using Names = std::map<std::string, std::string>;

// TensorFlow's names, and older ones of Keras.
const Names kOperationNames = {{"true_divide", "divide"}, {"truediv", "divide"},     {"sub", "subtract"},
                               {"mul", "multiply"},       {"neg", "negative"},       {"pow", "power"},
                               {"reduce_mean", "mean"},   {"reduce_max", "max"},     {"concat", "concatenate"},
                               {"clip_by_value", "clip"}, {"softsign", "soft_sign"}, {"reduce_sum", "sum"},
                               {"reduce_min", "min"},     {"getitem", "get_item"},   {"reverse", "flip"}};
const Names kSettingNames = {{"shape", "newshape"},       {"perm", "axes"},
                             {"paddings", "pad_width"},   {"method", "interpolation"},
                             {"clip_value_min", "x_min"}, {"clip_value_max", "x_max"},
                             {"multiples", "repeats"},    {"keep_dims", "keepdims"}};

std::string renamed(const Names& names, const std::string& name) {
  const auto found = names.find(name);
  return found == names.end() ? name : found->second;
}

bool is_tensorflow(const std::string& class_name) {
  return class_name == kTensorFlow || class_name == kTensorFlowSlice || class_name == kTensorFlowOp;
}

/// A number, or lists of numbers.
bool is_constant(const Attribute& value) {
  const auto* list = as<AttributeList>(value);
  if (list != nullptr) return !list->empty() && std::ranges::all_of(*list, is_constant);
  return as<double>(value) != nullptr || as<std::int64_t>(value) != nullptr;
}

/// Keras 3 names the type of a constant that is a tensor: {"class_name": "__tensor__", "config": {"value": [...]}}.
const Attribute& bare(const Attribute& value) {
  const auto* object = as<AttributeMap>(value);
  const Attribute* name = object == nullptr ? nullptr : find(*object, "class_name");
  const auto* text = name == nullptr ? nullptr : as<std::string>(*name);
  if (text == nullptr || (*text != "__tensor__" && *text != "__numpy__")) return value;
  const Attribute* config = find(*object, "config");
  const auto* members = config == nullptr ? nullptr : as<AttributeMap>(*config);
  const Attribute* bare_value = members == nullptr ? nullptr : find(*members, "value");
  return bare_value == nullptr ? value : *bare_value;
}

/// What would else be found out by its consequences: sizes that are a tensor, products with constants.
void refuse_what_is_no_number(const std::string& name, const AttributeMap& attributes, std::size_t inputs,
                              const std::string& place) {
  static const std::set<std::string> kSized = {"resize", "reshape", "pad", "tile"};
  static const std::set<std::string> kProducts = {"einsum", "matmul", "tensordot", "dot"};
  if (name == "shape" || (kSized.count(name) > 0 && inputs > 1))
    throw UnsupportedError(place + ": sizes taken from another tensor's shape are not supported, only fixed ones");
  if (kProducts.count(name) > 0 && find(attributes, "constant") != nullptr)
    throw UnsupportedError(place + ": the operation '" + name + "' with a constant is not supported");
}

}  // namespace

bool is_operation(const AttributeMap& json, const AttributeMap* config) {
  if (const Attribute* class_name = find(json, "class_name")) {
    if (const auto* name = as<std::string>(*class_name); name != nullptr && is_tensorflow(*name)) return true;
  }
  if (json.count("module") > 0) {
    const Attribute* module = find(json, "module");
    const auto* name = module == nullptr ? nullptr : as<std::string>(*module);
    return name != nullptr && name->starts_with(kKeras3Modules);
  }
  if (find(json, "saved_class") != nullptr) return false;  // not Keras' own
  // A `.h5` of Keras 3 does not say it. Its layers all have these two.
  if (config == nullptr || find(*config, "trainable") != nullptr || find(*config, "dtype") != nullptr) return false;
  const Attribute* inbound = find(json, "inbound_nodes");
  const auto* calls = inbound == nullptr ? nullptr : as<AttributeList>(*inbound);
  return calls != nullptr && !calls->empty() && as<AttributeMap>(calls->front()) != nullptr;
}

AttributeMap operation_attributes(const std::string& class_name, const AttributeMap& config, const Call& call,
                                  const std::string& place) {
  AttributeMap attributes, arguments = call.arguments;
  std::string name = snake_case(class_name);
  if (class_name == kTensorFlowOp) {
    AttributeMap settings = tensorflow_op(config, place);
    name = expect_text(settings.at("operation"), place);
    settings.erase("operation");
    arguments.merge(settings);
  } else if (is_tensorflow(class_name)) {
    const Attribute* function = find(config, "function");
    const auto* path = function == nullptr ? nullptr : as<std::string>(*function);
    // TensorFlow 1 resized from the corners of pixels: another function of the same name.
    const bool old = path != nullptr && path->rfind("compat.v1.image.", 0) == 0;
    name = path == nullptr ? "" : old ? *path : path->substr(path->rfind('.') + 1);
  } else {
    for (const auto& [key, value] : config) {
      if (key != "name") attributes.insert_or_assign(renamed(kSettingNames, key), value);
    }
  }
  name = renamed(kOperationNames, name);
  attributes.insert_or_assign("operation", text(name));
  for (const auto& [key, value] : arguments) {
    const bool first = key == "argument 0" || key == "x" || key == "x1" || key == "constant";
    const bool second = key == "argument 1" || key == "y" || key == "x2" || key == "bias";
    if ((first || second) && name != "get_item" && is_constant(bare(value))) {
      attributes.insert_or_assign("constant", bare(value));
      attributes.insert_or_assign("constant_first", flag(first));
    } else if (key != "name") {
      attributes.insert_or_assign(renamed(kSettingNames, key), value);
    }
  }
  refuse_what_is_no_number(name, attributes, call.inputs.size(), place);
  return attributes;
}

std::vector<AttributeMap> results_of(const AttributeMap& attributes, const std::string& place) {
  const auto* operation = as<std::string>(attributes.at("operation"));
  if (operation == nullptr || *operation != "split") return {attributes};
  AttributeMap part{{"operation", text("split_part")}};
  for (const auto& [key, value] : attributes) {
    if (key == "axis") part[key] = value;
    const bool known =
        key == "axis" || key == "operation" || key == "indices_or_sections" || key == "num_or_size_splits";
    if (!known)
      throw UnsupportedError(place + ": is called with '" + hdf5::printable(key) + "', which is not supported");
  }
  // The number of equal parts; where each but the last ends (Keras 3); the size of each (TensorFlow).
  const Attribute *ends = find(attributes, "indices_or_sections"), *sizes = find(attributes, "num_or_size_splits");
  const Attribute* sections = ends != nullptr ? ends : sizes;
  const auto* number_of_parts = sections == nullptr ? nullptr : as<std::int64_t>(*sections);
  const auto* list = sections == nullptr ? nullptr : as<AttributeList>(*sections);
  std::int64_t count = number_of_parts != nullptr ? *number_of_parts : 0;
  if (list != nullptr) {
    AttributeList places;
    std::int64_t end = 0;
    for (const Attribute& item : *list) {
      const auto* value = as<std::int64_t>(item);
      if (value == nullptr || *value < 0 || *value > kLargestPart)
        throw Error(place + ": splits in a way that is not known");
      end = ends != nullptr ? *value : end + *value;
      places.push_back(number(end));
    }
    if (ends == nullptr && !places.empty()) places.pop_back();
    count = static_cast<std::int64_t>(places.size()) + 1;
    part["sections"] = places.empty() ? number(1) : Attribute(Attribute::Value(std::move(places)));
  } else {
    part["sections"] = number(count);
  }
  if (count < 1 || count > kMostParts) throw UnsupportedError(place + ": splits in a way that is not supported");
  std::vector<AttributeMap> parts;
  for (std::int64_t i = 0; i < count; ++i) {
    part["part"] = number(i);
    parts.push_back(part);
  }
  return parts;
}

}  // namespace fovea::keras
