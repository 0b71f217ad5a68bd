// Names of operations and of their settings, brought to those of Keras 3.
#include "loaders/keras/operations.h"

#include <map>

#include "loaders/keras/access.h"
#include "loaders/keras/saved_names.h"

namespace fovea::keras {
namespace {

constexpr const char* kTensorFlow = "TFOpLambda";
constexpr const char* kKeras3Modules = "keras.src.ops.";

using Names = std::map<std::string, std::string>;

// TensorFlow's names, and older ones of Keras.
const Names kOperations = {{"true_divide", "divide"}, {"truediv", "divide"},    {"sub", "subtract"},
                           {"mul", "multiply"},       {"neg", "negative"},      {"pow", "power"},
                           {"reduce_mean", "mean"},   {"reduce_max", "max"},    {"concat", "concatenate"},
                           {"clip_by_value", "clip"}, {"softsign", "soft_sign"}};
const Names kSettings = {{"shape", "newshape"},       {"perm", "axes"},
                         {"paddings", "pad_width"},   {"method", "interpolation"},
                         {"clip_value_min", "x_min"}, {"clip_value_max", "x_max"},
                         {"keep_dims", "keepdims"}};

std::string renamed(const Names& names, const std::string& name) {
  const auto found = names.find(name);
  return found == names.end() ? name : found->second;
}

bool is_number(const Attribute& value) { return as<double>(value) != nullptr || as<std::int64_t>(value) != nullptr; }

}  // namespace

bool is_operation(const AttributeMap& json, const AttributeMap* config) {
  if (const Attribute* module = find(json, "module")) {
    const auto* name = as<std::string>(*module);
    return name != nullptr && name->rfind(kKeras3Modules, 0) == 0;
  }
  if (const Attribute* class_name = find(json, "class_name")) {
    if (const auto* name = as<std::string>(*class_name); name != nullptr && *name == kTensorFlow) return true;
  }
  // A `.h5` of Keras 3 does not say it. Its layers all have these two.
  if (config == nullptr || find(*config, "trainable") != nullptr || find(*config, "dtype") != nullptr) return false;
  const Attribute* inbound = find(json, "inbound_nodes");
  const auto* calls = inbound == nullptr ? nullptr : as<AttributeList>(*inbound);
  return calls != nullptr && !calls->empty() && as<AttributeMap>(calls->front()) != nullptr;
}

AttributeMap operation_attributes(const std::string& class_name, const AttributeMap& config, const Call& call) {
  AttributeMap attributes;
  std::string name = snake_case(class_name);
  if (class_name == kTensorFlow) {
    const Attribute* function = find(config, "function");
    const auto* path = function == nullptr ? nullptr : as<std::string>(*function);
    name = path == nullptr ? "" : path->substr(path->rfind('.') + 1);
  } else {
    for (const auto& [key, value] : config) {
      if (key != "name") attributes.insert_or_assign(renamed(kSettings, key), value);
    }
  }
  attributes.insert_or_assign("operation", text(renamed(kOperations, name)));
  for (const auto& [key, value] : call.arguments) {
    const bool first = key == "argument 0" || key == "x" || key == "x1" || key == "constant";
    const bool second = key == "argument 1" || key == "y" || key == "x2";
    if ((first || second) && is_number(value)) {
      attributes.insert_or_assign("constant", value);
      attributes.insert_or_assign("constant_first", flag(first));
    } else if (key != "name") {
      attributes.insert_or_assign(renamed(kSettings, key), value);
    }
  }
  return attributes;
}

}  // namespace fovea::keras
