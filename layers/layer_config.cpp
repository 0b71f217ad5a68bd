// Reading attributes and weights with errors that name the layer, the attribute and what was expected.
#include <fovea/layer_config.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <numeric>
#include <string_view>

#include <fovea/error.h>
#include <fovea/shape.h>

namespace fovea {

namespace {

// Attributes that never change what a layer computes at inference.
constexpr std::array<std::string_view, 14> kIrrelevant = {
    "name",         "trainable",         "dtype",        "batch_input_shape", "batch_shape",
    "build_config", "build_input_shape", "autocast",     "input_spec",        "sparse",
    "ragged",       "optional",          "synchronized", "shared_object_id"};
constexpr std::array<std::string_view, 3> kIrrelevantEndings = {"_initializer", "_regularizer", "_constraint"};

bool irrelevant(std::string_view key) {
  return std::find(kIrrelevant.begin(), kIrrelevant.end(), key) != kIrrelevant.end() ||
         std::any_of(kIrrelevantEndings.begin(), kIrrelevantEndings.end(),
                     [&](std::string_view ending) { return key.ends_with(ending); });
}

// A whole number, which Keras may have got from a division: 23.0.
std::optional<std::int64_t> whole_number(const Attribute& attribute) {
  constexpr double kLargest = 1e15;
  if (const auto* whole = std::get_if<std::int64_t>(&attribute.value())) return *whole;
  const auto* real = std::get_if<double>(&attribute.value());
  if (real == nullptr || !(std::abs(*real) <= kLargest) || *real != std::trunc(*real)) return std::nullopt;
  return static_cast<std::int64_t>(*real);
}

constexpr const char* kCallArguments = "call_arguments";

// " = 2" for a number or a truth value; "" for what may be long.
std::string with_value(const Attribute& attribute) {
  if (const auto* flag = std::get_if<bool>(&attribute.value())) return *flag ? " = true" : " = false";
  if (const auto* whole = std::get_if<std::int64_t>(&attribute.value())) return " = " + std::to_string(*whole);
  return "";
}

// "training = true, mask" of an object.
std::string settings(const Attribute& attribute) {
  std::string all;
  const auto* object = std::get_if<AttributeMap>(&attribute.value());
  if (object == nullptr) return "arguments";
  for (const auto& [key, value] : *object) all += (all.empty() ? "" : ", ") + key + with_value(value);
  return all;
}

}  // namespace

// Asked for by loops of threads, which may not throw: it allocates nothing.
std::int64_t Weight::elements() const {
  return std::accumulate(shape.begin(), shape.end(), std::int64_t{1}, std::multiplies<>());
}

std::string LayerConfig::where(const std::string& message) const {
  return "layer '" + name_ + "' (" + class_name_ + "): " + message;
}

const Attribute* LayerConfig::find(const std::string& key) const {
  read_.insert(key);
  const auto found = attributes_.find(key);
  return found == attributes_.end() ? nullptr : &found->second;
}

bool LayerConfig::has(const std::string& key) const {
  const Attribute* a = find(key);
  return a != nullptr && !a->is_null();
}

bool LayerConfig::boolean(const std::string& key, bool fallback) const {
  if (!has(key)) return fallback;
  const auto& value = find(key)->value();
  if (const auto* flag = std::get_if<bool>(&value)) return *flag;
  const auto* number = std::get_if<std::int64_t>(&value);  // Keras takes what Python takes for true or false
  if (number != nullptr && (*number == 0 || *number == 1)) return *number == 1;
  throw Error(where("attribute '" + key + "' is not true or false"));
}

std::int64_t LayerConfig::integer(const std::string& key, std::int64_t fallback) const {
  if (!has(key)) return fallback;
  const auto value = whole_number(*find(key));
  if (!value) throw Error(where("attribute '" + key + "' is not a whole number"));
  return *value;
}

double LayerConfig::number(const std::string& key, double fallback) const {
  if (!has(key)) return fallback;
  const auto& value = find(key)->value();
  if (const auto* real = std::get_if<double>(&value)) return *real;
  if (const auto* whole = std::get_if<std::int64_t>(&value)) return static_cast<double>(*whole);
  throw Error(where("attribute '" + key + "' is not a number"));
}

std::string LayerConfig::text(const std::string& key, const std::string& fallback) const {
  if (!has(key)) return fallback;
  const auto* value = std::get_if<std::string>(&find(key)->value());
  if (value == nullptr) throw Error(where("attribute '" + key + "' is not a string"));
  return *value;
}

std::pair<std::int64_t, std::int64_t> LayerConfig::pair(const std::string& key, std::int64_t fallback) const {
  if (!has(key)) return {fallback, fallback};
  const Attribute& value = *find(key);
  if (const auto both = whole_number(value)) return {*both, *both};
  if (const auto* list = std::get_if<AttributeList>(&value.value()); list != nullptr && list->size() == 2) {
    const auto first = whole_number((*list)[0]), second = whole_number((*list)[1]);
    if (first && second) return {*first, *second};
  }
  throw Error(where("attribute '" + key + "' is not a pair of whole numbers"));
}

bool LayerConfig::has_weight(const std::string& name) const {
  return std::any_of(weights_.begin(), weights_.end(), [&](const Weight& w) { return w.name == name; });
}

const Weight& LayerConfig::weight(const std::string& name, const std::vector<std::int64_t>& shape) const {
  read_weights_.insert(name);
  const auto found = std::find_if(weights_.begin(), weights_.end(), [&](const Weight& w) { return w.name == name; });
  if (found == weights_.end()) throw Error(where("weight '" + name + "' is missing"));
  const bool fits = found->shape.size() == shape.size() &&
                    std::equal(shape.begin(), shape.end(), found->shape.begin(),
                               [](std::int64_t wanted, std::int64_t is) { return wanted == kAnySize || wanted == is; });
  if (!fits) {
    std::string wanted;
    for (const std::int64_t dim : shape)
      wanted += (wanted.empty() ? "" : "x") + (dim == kAnySize ? "?" : std::to_string(dim));
    throw Error(where(name + " is " + Shape(found->shape).str() + ", the configuration says " + wanted));
  }
  return *found;
}

void LayerConfig::check_all_read() const {
  for (const auto& [key, value] : attributes_) {
    if (!value.is_null() && read_.count(key) == 0 && !irrelevant(key)) {
      if (key == kCallArguments) throw UnsupportedError(where("a call with " + settings(value) + " is not supported"));
      throw UnsupportedError(where("attribute '" + key + "'" + with_value(value) + " is not supported"));
    }
  }
  for (const Weight& weight : weights_) {
    if (read_weights_.count(weight.name) == 0) throw Error(where("weight '" + weight.name + "' is not expected here"));
  }
}

void copy_attributes(const LayerConfig& from, std::initializer_list<const char*> keys, AttributeMap& to) {
  for (const char* key : keys) {
    if (const Attribute* value = from.find(key)) to.emplace(key, *value);
  }
}

}  // namespace fovea
