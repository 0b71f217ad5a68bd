// Names of operations and of their settings, brought to those of Keras 3.
#include "loaders/keras/config/operations.h"

#include <algorithm>
#include <map>
#include <set>

#include <fovea/error.h>
#include "layers/operation/operation_kind.h"
#include "loaders/keras/config/constants.h"
#include "loaders/keras/config/saved_names.h"
#include "loaders/keras/config/tensorflow_ops.h"
#include "loaders/keras/json/access.h"
#include "loaders/printable.h"

namespace fovea::keras {
namespace {

constexpr const char *kTensorFlow = "TFOpLambda", *kTensorFlowSlice = "SlicingOpLambda";
constexpr const char* kKeras3Modules = "keras.src.ops.";

// Bounds that no real network meets.
constexpr std::int64_t kMostParts = 256, kLargestPart = std::int64_t{1} << 32;

using Kind = OperationKind;
using Names = std::map<std::string, std::string>;
using Kinds = std::map<std::string, Kind>;

// TensorFlow's names, and older ones of Keras.
const Kinds kOperationNames = {{"true_divide", Kind::divide},
                               {"truediv", Kind::divide},
                               {"sub", Kind::subtract},
                               {"mul", Kind::multiply},
                               {"neg", Kind::negative},
                               {"pow", Kind::power},
                               {"reduce_mean", Kind::mean},
                               {"reduce_max", Kind::max},
                               {"concat", Kind::concatenate},
                               {"clip_by_value", Kind::clip},
                               {"softsign", Kind::soft_sign},
                               {"reduce_sum", Kind::sum},
                               {"reduce_min", Kind::min},
                               {"getitem", Kind::get_item},
                               {"reverse", Kind::flip},
                               {"amax", Kind::max},
                               {"amin", Kind::min},
                               {"reduce_std", Kind::std},
                               {"reduce_prod", Kind::prod},
                               {"reduce_any", Kind::any},
                               {"reduce_all", Kind::all},
                               {"floor_div", Kind::floor_divide},
                               {"floordiv", Kind::floor_divide},
                               {"floormod", Kind::mod},
                               {"reduce_variance", Kind::var},
                               {"reduce_logsumexp", Kind::logsumexp},
                               {"where_v2", Kind::where},
                               {"max_pool2d", Kind::max_pool},
                               {"avg_pool2d", Kind::average_pool},
                               {"avg_pool", Kind::average_pool},
                               {"gather", Kind::take},
                               {"add_n", Kind::add},
                               {"fabs", Kind::absolute},
                               {"convert_to_tensor", Kind::identity}};
const Names kSettingNames = {{"shape", "newshape"},       {"perm", "axes"},
                             {"paddings", "pad_width"},   {"method", "interpolation"},
                             {"clip_value_min", "x_min"}, {"clip_value_max", "x_max"},
                             {"multiples", "repeats"},    {"keep_dims", "keepdims"},
                             {"ksize", "pool_size"}};

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

/// Operations of which every operand may be a tensor or a constant, with the names of each operand: of Keras 3, Keras 2
/// and TensorFlow's nodes.
const std::map<Kind, std::vector<std::vector<std::string>>> kOperands = {
    {Kind::where, {{"argument 0", "condition"}, {"argument 1", "x"}, {"argument 2", "y"}}},
    {Kind::clip, {{"argument 0", "t"}, {"argument 1", "x_min"}, {"argument 2", "x_max"}}}};

/// Lists the operands as "tensor" or a constant, takes these from `arguments` and brings the tensors, which are passed
/// as `passed_as` says, into the same order.
AttributeList take_operands(const std::vector<std::vector<std::string>>& operands, AttributeMap& arguments,
                            std::vector<std::string> passed_as, std::vector<std::string>& inputs) {
  AttributeList list;
  std::vector<std::string> ordered;
  for (const auto& names : operands) {
    const auto constant = std::ranges::find_if(
        names, [&](const std::string& name) { return arguments.count(name) > 0 && is_constant(arguments.at(name)); });
    if (constant != names.end()) {
      list.push_back(arguments.at(*constant));
      arguments.erase(*constant);
      continue;
    }
    const auto named = [&](const std::string& as) { return std::ranges::find(names, as) != names.end(); };
    auto tensor = std::ranges::find_if(passed_as, named);
    if (tensor == passed_as.end()) tensor = passed_as.begin();
    if (tensor == passed_as.end()) return {};
    const auto place = tensor - passed_as.begin();
    ordered.push_back(inputs[static_cast<std::size_t>(place)]);
    inputs.erase(inputs.begin() + place);
    passed_as.erase(tensor);
    list.push_back(text(operation_key::kTensor));
  }
  ordered.insert(ordered.end(), inputs.begin(), inputs.end());
  inputs = std::move(ordered);
  return list;
}

/// What would else be found out by its consequences: sizes that are a tensor, products with constants.
void refuse_what_is_no_number(Kind kind, const AttributeMap& attributes, std::size_t inputs, const std::string& place) {
  static const std::set<Kind> kSized = {Kind::resize, Kind::reshape, Kind::pad, Kind::tile};
  static const std::set<Kind> kProducts = {Kind::einsum, Kind::matmul, Kind::tensordot, Kind::dot};
  if (kind == Kind::shape || (kSized.count(kind) > 0 && inputs > 1))
    throw UnsupportedError(place + ": sizes taken from another tensor's shape are not supported, only fixed ones");
  if (kProducts.count(kind) > 0 && find(attributes, operation_key::kConstant) != nullptr)
    throw UnsupportedError(place + ": the operation '" + operation_name(kind) + "' with a constant is not supported");
}

}  // namespace

bool is_operation(const AttributeMap& json, const AttributeMap* config) {
  // Keras 3's layers that do not say whether they train, as operations never do.
  static const std::set<std::string> kSilentLayers = {"Discretization",   "HashedCrossing",   "Pipeline",
                                                      "SpatialDropout1D", "SpatialDropout2D", "SpatialDropout3D"};
  if (const Attribute* class_name = find(json, "class_name")) {
    const auto* name = as<std::string>(*class_name);
    if (name != nullptr && is_tensorflow(*name)) return true;
    if (name != nullptr && kSilentLayers.count(*name) > 0) return false;
  }
  if (json.count("module") > 0) {
    const Attribute* module = find(json, "module");
    const auto* name = module == nullptr ? nullptr : as<std::string>(*module);
    return name != nullptr && name->starts_with(kKeras3Modules);
  }
  if (find(json, "saved_class") != nullptr) return false;  // not Keras' own
  // A `.h5` of Keras 3 does not say it. Its other layers all have this, except inputs, which nothing
  // calls.
  return config != nullptr && find(*config, "trainable") == nullptr && has_keras_3_calls(json);
}

AttributeMap operation_attributes(const std::string& class_name, const AttributeMap& config, const Call& call,
                                  const std::string& place, std::vector<std::string>& inputs) {
  AttributeMap attributes, arguments = plain_numbers(call.arguments);
  std::string name = snake_case(class_name);
  if (class_name == kTensorFlowOp) {
    AttributeMap settings = tensorflow_op(config, place);
    name = expect_text(settings.at(operation_key::kKind), place);
    settings.erase(operation_key::kKind);
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
  if (const auto other = kOperationNames.find(name); other != kOperationNames.end())
    name = operation_name(other->second);
  const Kind kind = operation_kind(name);
  attributes.insert_or_assign(operation_key::kKind, text(name));
  if (const auto found = kOperands.find(kind); found != kOperands.end() && (kind != Kind::clip || inputs.size() > 1)) {
    std::vector<std::string> passed_as;
    for (const auto& as : call.passed_as) passed_as.push_back(renamed(kSettingNames, as));
    for (const auto& [old, today] : kSettingNames) {
      if (auto bound = arguments.extract(old)) arguments.insert_or_assign(today, bound.mapped());
    }
    attributes.insert_or_assign(operation_key::kOperands,
                                list(take_operands(found->second, arguments, passed_as, inputs)));
  }
  for (const auto& [key, value] : arguments) {
    const bool first = key == "argument 0" || key == "x" || key == "x1" || key == operation_key::kConstant;
    const bool second = key == "argument 1" || key == "y" || key == "x2" || key == "bias";
    if (key == "argument 1" && kind == Kind::take) {
      attributes.insert_or_assign("indices", value);
    } else if ((first || second) && kind != Kind::get_item && is_constant(value)) {
      attributes.insert_or_assign(operation_key::kConstant, value);
      attributes.insert_or_assign(operation_key::kConstantFirst, flag(first));
    } else if (key != "name") {
      attributes.insert_or_assign(renamed(kSettingNames, key), value);
    }
  }
  refuse_what_is_no_number(kind, attributes, call.inputs.size(), place);
  return attributes;
}

namespace {

/// The mean and the variance.
std::vector<AttributeMap> moments(AttributeMap attributes) {
  if (auto axes = attributes.extract("axes")) attributes.insert_or_assign("axis", axes.mapped());
  attributes.erase("synchronized");
  std::vector<AttributeMap> both(2, attributes);
  both[0][operation_key::kKind] = text(operation_name(Kind::mean));
  both[1][operation_key::kKind] = text(operation_name(Kind::var));
  return both;
}

}  // namespace

std::vector<AttributeMap> results_of(const AttributeMap& attributes, const std::string& place) {
  const auto* name = as<std::string>(attributes.at(operation_key::kKind));
  const Kind kind = name == nullptr ? Kind::unknown : operation_kind(*name);
  if (kind == Kind::moments) return moments(attributes);
  if (kind != Kind::split) return {attributes};
  AttributeMap part{{operation_key::kKind, text(operation_name(Kind::split_part))}};
  for (const auto& [key, value] : attributes) {
    if (key == "axis") part[key] = value;
    const bool known =
        key == "axis" || key == operation_key::kKind || key == "indices_or_sections" || key == "num_or_size_splits";
    if (!known) throw UnsupportedError(place + ": is called with '" + printable(key) + "', which is not supported");
  }
  // The number of equal parts; where each but the last ends (Keras 3); the size of each, -1 for the rest (TensorFlow).
  const Attribute *ends = find(attributes, "indices_or_sections"), *sizes = find(attributes, "num_or_size_splits");
  const Attribute* sections = ends != nullptr ? ends : sizes;
  const auto* number_of_parts = sections == nullptr ? nullptr : as<std::int64_t>(*sections);
  const auto* list = sections == nullptr ? nullptr : as<AttributeList>(*sections);
  std::int64_t count = number_of_parts != nullptr ? *number_of_parts : 0;
  if (list != nullptr) {
    for (const Attribute& item : *list) {
      const auto* value = as<std::int64_t>(item);
      if (value == nullptr || *value < (ends != nullptr ? 0 : -1) || *value > kLargestPart)
        throw Error(place + ": splits in a way that is not known");
    }
    count = static_cast<std::int64_t>(list->size()) + (ends != nullptr ? 1 : 0);
    part[ends != nullptr ? operation_key::kSections : operation_key::kSizes] = *sections;
    if (ends != nullptr && list->empty()) part[operation_key::kSections] = number(1);
  } else {
    part[operation_key::kSections] = number(count);
  }
  if (count < 1 || count > kMostParts) throw UnsupportedError(place + ": splits in a way that is not supported");
  std::vector<AttributeMap> parts;
  for (std::int64_t i = 0; i < count; ++i) {
    part[operation_key::kPart] = number(i);
    parts.push_back(part);
  }
  return parts;
}

}  // namespace fovea::keras
