// Nodes stand behind all that they read.
#include "loaders/keras/config/element_types.h"

#include <algorithm>
#include <map>
#include <set>

#include <fovea/error.h>
#include "loaders/keras/json/access.h"
#include "loaders/printable.h"

namespace fovea::keras {
namespace {

/// In the order in which one becomes the other; small: of 8 or 16 bits.
enum class Type { truth, small, whole, real };

const std::set<std::string> kTruths = {"equal",      "not_equal",   "greater",    "greater_equal", "less",
                                       "less_equal", "logical_and", "logical_or", "logical_xor",   "logical_not",
                                       "isnan",      "isinf",       "isfinite",   "any",           "all"};
const std::set<std::string> kKeep = {
    "identity",       "stop_gradient",  "reshape", "flatten",  "squeeze",   "expand_dims", "concatenate",
    "stack",          "get_item",       "flip",    "swapaxes", "repeat",    "tile",        "split_part",
    "depth_to_space", "space_to_depth", "pad",     "take",     "transpose", "max",         "min",
    "maximum",        "minimum",        "clip",    "where",    "sign",      "absolute",    "abs",
    "zeros_like",     "ones_like"};
const std::set<std::string> kKeepingLayers = {"Concatenate", "Cropping2D", "Flatten",      "Maximum",
                                              "Minimum",     "Permute",    "RepeatVector", "Reshape"};
const std::set<std::string> kArithmetic = {
    "add",  "subtract", "multiply", "negative",          "square", "power", "floor_divide", "mod", "sum",
    "prod", "cumsum",   "cumprod",  "squared_difference"};
const std::set<std::string> kOfAll = {"sum", "prod", "cumsum", "cumprod"};

Type type_named(const std::string& name) {
  if (name == "bool") return Type::truth;
  if (name.find("float") != std::string::npos) return Type::real;
  return name == "int8" || name == "uint8" || name == "int16" || name == "uint16" ? Type::small : Type::whole;
}

/// True for numbers with a fraction, in lists as well.
bool has_fraction(const Attribute& value) {
  if (const auto* list = as<AttributeList>(value)) return std::ranges::any_of(*list, has_fraction);
  return as<double>(value) != nullptr;
}

class Checker {
 public:
  Checker(bool keras_3, const std::string& place) : keras_3_(keras_3), place_(place) {}

  void check(ConfigNode& node) {
    Type type = Type::real;
    if (node.class_name == "Operation") {
      type = of_operation(node);
    } else if (kKeepingLayers.count(node.class_name) > 0) {
      type = of_inputs(node, 0);
    }
    types_.emplace(node.name, type);
  }

 private:
  [[noreturn]] void fail(const ConfigNode& node, const std::string& reason) const {
    throw UnsupportedError(place_ + ": layer '" + printable(node.name) + "': " + reason);
  }

  Type of_inputs(const ConfigNode& node, std::size_t from) const {
    Type type = Type::truth;
    for (std::size_t i = from; i < node.inputs.size(); ++i) {
      const auto found = types_.find(node.inputs[i]);
      type = std::max(type, found == types_.end() ? Type::real : found->second);
    }
    return type;
  }

  Type of_operation(ConfigNode& node) const {
    const auto* operation = as<std::string>(node.attributes.at("operation"));
    const std::string name = operation == nullptr ? "" : *operation;
    if (kTruths.count(name) > 0) return Type::truth;
    if (name == "argmax" || name == "argmin") return Type::whole;
    if (name == "cast") return of_cast(node);
    // The condition is no value of the result.
    const bool chooses = name == "where" && node.inputs.size() > 1;
    Type type = name == "where" && !chooses ? Type::truth : of_inputs(node, chooses ? 1 : 0);
    for (const char* key : {"constant", "operands"}) {
      const Attribute* constant = find(node.attributes, key);
      if (constant != nullptr) type = std::max(type, has_fraction(*constant) ? Type::real : Type::whole);
    }
    if (kKeep.count(name) > 0) return type;
    if (name == "mean" && type != Type::real && !keras_3_)
      fail(node, "a mean of whole numbers, which is cut to one, is not supported");
    if (kArithmetic.count(name) == 0 || type == Type::real) return Type::real;
    const bool constant = find(node.attributes, "constant") != nullptr;
    if (type == Type::small || (constant && of_inputs(node, 0) == Type::small))
      fail(node, "'" + name + "' of numbers of 8 or 16 bits, which wrap, is not supported");
    if (type == Type::truth && kOfAll.count(name) == 0 && name != "multiply")
      fail(node, "'" + name + "' of truth values is not supported");
    return name == "multiply" ? type : Type::whole;
  }

  /// Truth values are 1 and 0 in any type; whole numbers are whole ones already.
  Type of_cast(ConfigNode& node) const {
    const Attribute* dtype = find(node.attributes, "dtype");
    const auto* name = dtype == nullptr ? nullptr : as<std::string>(*dtype);
    if (name == nullptr) return Type::real;
    const Type from = of_inputs(node, 0), to = type_named(*name);
    const bool same = from == Type::truth || (from == Type::small && to != Type::truth && to != Type::small) ||
                      (from == Type::whole && to == Type::whole);
    if (same) {
      node.attributes["operation"] = text("identity");
      node.attributes.erase("dtype");
    }
    return to;
  }

  bool keras_3_;
  const std::string& place_;
  std::map<std::string, Type> types_;
};

}  // namespace

void check_element_types(Architecture& architecture, bool keras_3, const std::string& place) {
  Checker checker(keras_3, place);
  for (ConfigNode& node : architecture.nodes) checker.check(node);
}

}  // namespace fovea::keras
