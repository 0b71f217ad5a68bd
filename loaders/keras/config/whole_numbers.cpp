// Follows whole numbers from the inputs until a layer makes reals of them. What each layer does was tried with Keras 2
// and 3; a layer that is not listed is refused.
#include "loaders/keras/config/whole_numbers.h"

#include <algorithm>
#include <cstdlib>
#include <map>
#include <set>

#include <fovea/error.h>
#include "layers/registry.h"
#include "loaders/keras/json/access.h"
#include "loaders/printable.h"

namespace fovea::keras {
namespace {

const std::set<std::string> kWholeTypes = {"bool",  "int8",   "int16",  "int32", "int64",
                                           "uint8", "uint16", "uint32", "uint64"};
const std::set<std::string> kWideTypes = {"int32", "int64", "uint32", "uint64"};

/// These make reals first.
const std::set<std::string> kMakeReals = {"BatchNormalization", "Dense", "Rescaling", "Normalization"};
/// Keras 2 cuts their means.
const std::set<std::string> kMeans = {"GlobalAveragePooling1D", "GlobalAveragePooling2D"};
const std::set<std::string> kOperationsMakeReals = {"cast", "divide", "exp"};
/// These choose or move values.
const std::set<std::string> kKeep = {"Concatenate",
                                     "Maximum",
                                     "Minimum",
                                     "Flatten",
                                     "Reshape",
                                     "Permute",
                                     "ZeroPadding1D",
                                     "ZeroPadding2D",
                                     "Cropping1D",
                                     "Cropping2D",
                                     "CenterCrop",
                                     "MaxPooling1D",
                                     "MaxPooling2D",
                                     "GlobalMaxPooling1D",
                                     "GlobalMaxPooling2D",
                                     "UpSampling1D",
                                     "RepeatVector",
                                     "Identity",
                                     "Dropout",
                                     "GaussianDropout",
                                     "GaussianNoise",
                                     "SpatialDropout1D",
                                     "SpatialDropout2D",
                                     "AlphaDropout",
                                     "ActivityRegularization",
                                     "ReLU"};
const std::set<std::string> kOperationsKeep = {"reshape",     "transpose", "concatenate", "pad",      "get_item",
                                               "split_part",  "max",       "min",         "maximum",  "minimum",
                                               "clip",        "relu",      "identity",    "stack",    "squeeze",
                                               "expand_dims", "flip",      "flatten",     "max_pool", "stop_gradient"};
/// These give what 32 bits hold and 8 do not.
const std::set<std::string> kSums = {"Add", "Subtract"};
const std::set<std::string> kOperationSums = {"add", "subtract", "negative"};

constexpr std::int64_t kLargestFactor = 65'536;

std::string text_of(const ConfigNode& node, const char* key) {
  const Attribute* value = find(node.attributes, key);
  const auto* name = value == nullptr ? nullptr : as<std::string>(*value);
  return name == nullptr ? "" : *name;
}

enum class Result { real, whole, refused };

/// With a real number beside whole ones everything is real.
bool has_real_constant(const ConfigNode& node) {
  const Attribute* constant = find(node.attributes, "constant");
  return constant != nullptr && as<double>(*constant) != nullptr;
}

Result of_operation(const ConfigNode& node, const std::string& dtype, bool keras_3) {
  const std::string name = text_of(node, "operation");
  if (kOperationsMakeReals.count(name) > 0 || has_real_constant(node)) return Result::real;
  if (name == "mean" && keras_3) return Result::real;
  if (kOperationsKeep.count(name) > 0) return Result::whole;
  if (name == "sum") return keras_3 || kWideTypes.count(dtype) > 0 ? Result::whole : Result::refused;
  if (name == "absolute" && dtype.starts_with('u')) return Result::whole;
  if (name == "resize") return text_of(node, "interpolation") == "nearest" ? Result::whole : Result::refused;
  if (kWideTypes.count(dtype) == 0) return Result::refused;
  const Attribute* constant = find(node.attributes, "constant");
  const auto* factor = constant == nullptr ? nullptr : as<std::int64_t>(*constant);
  const bool small = factor != nullptr && std::abs(*factor) <= kLargestFactor;
  return kOperationSums.count(name) > 0 || (name == "multiply" && small) ? Result::whole : Result::refused;
}

Result of(const ConfigNode& node, const std::string& dtype, bool keras_3) {
  const std::string& kind = node.class_name;
  if (kind == "Operation") return of_operation(node, dtype, keras_3);
  if (kMakeReals.count(kind) > 0 || (keras_3 && kMeans.count(kind) > 0)) return Result::real;
  if (kKeep.count(kind) > 0 || kind.starts_with("Random")) return Result::whole;
  if (kSums.count(kind) > 0 && kWideTypes.count(dtype) > 0) return Result::whole;
  if (kind == "UpSampling2D" || kind == "Resizing") {
    const std::string way = text_of(node, "interpolation");
    const bool nearest = way == "nearest" || (way.empty() && kind == "UpSampling2D");
    return nearest ? Result::whole : Result::refused;
  }
  const std::string function = text_of(node, "activation");
  if (kind == "Activation" && (function == "relu" || function == "linear")) return Result::whole;
  const auto known = layer_classes();
  return std::ranges::binary_search(known, kind) ? Result::refused : Result::real;  // refused by its name then
}

}  // namespace

bool is_whole(const std::string& dtype) { return kWholeTypes.count(dtype) > 0; }

void check_whole_numbers(const Architecture& architecture, bool keras_3, const std::string& place) {
  std::map<std::string, std::string> types;            // of results that are whole numbers, by name of the node
  for (const ConfigNode& node : architecture.nodes) {  // nodes stand behind all that they read
    if (node.class_name == "InputLayer") {
      if (const std::string dtype = text_of(node, "dtype"); is_whole(dtype)) types[node.name] = dtype;
      continue;
    }
    std::string dtype;
    bool all = true;
    for (const std::string& input : node.inputs) {
      const auto found = types.find(input);
      if (found == types.end()) {
        all = false;
      } else if (dtype.empty() || kWideTypes.count(dtype) > 0) {
        dtype = found->second;  // the narrowest
      }
    }
    if (dtype.empty()) continue;
    const Result result = all ? of(node, dtype, keras_3) : Result::real;  // beside reals they are reals
    if (result == Result::whole) types[node.name] = dtype;
    if (result != Result::refused) continue;
    throw UnsupportedError(place + ": layer '" + printable(node.name) + "' (" + printable(node.class_name) +
                           "): reads whole numbers (" + dtype +
                           "), which wrap or are cut in Keras, and is not supported with them; cast the input to " +
                           "float32 in the model");
  }
}

}  // namespace fovea::keras
