// Keras 3, and Keras 2.12 and later in archives, write {"module": "keras.layers", "class_name": "Dense",
// "registered_name": null} for a class of theirs; the module of a user's class is its own, or null for a script's.
// Everything else writes the name alone, or what it was registered as: "Custom>Dense".
#include "loaders/keras/classes/full_names.h"

#include <algorithm>
#include <iterator>
#include <string_view>

#include "loaders/keras/classes/history.h"
#include "loaders/keras/json/access.h"

namespace fovea::keras {
namespace {

constexpr const char *kClass = "class_name", *kModule = "module", *kRegistered = "registered_name";
constexpr const char* kActivation = "activation";

const std::string* text_of(const AttributeMap& object, const char* key) {
  const Attribute* value = find(object, key);
  return value == nullptr ? nullptr : as<std::string>(*value);
}

/// "keras.layers" and "keras.src.models.functional", not "keras_cv.layers".
bool is_keras_module(std::string_view module) {
  return std::ranges::any_of(std::initializer_list<std::string_view>{"keras", "tf_keras", "keras_core",
                                                                     "tensorflow.keras", "tensorflow.python.keras"},
                             [&](std::string_view package) {
                               return module == package ||
                                      (module.starts_with(package) && module[package.size()] == '.');
                             });
}

// Classes that do nothing at inference, so that nothing else would miss the setting which Keras' own always write: as
// it is called, and as Keras 1 called it.
struct Telling {
  std::string_view name;
  const char *setting, *of_keras_1;
};
constexpr Telling kTelling[] = {{"AlphaDropout", "rate", "rate"},  {"Dropout", "rate", "p"},
                                {"GaussianDropout", "rate", "p"},  {"GaussianNoise", "stddev", "sigma"},
                                {"SpatialDropout1D", "rate", "p"}, {"SpatialDropout2D", "rate", "p"}};

/// "rate" if a class of this name is none of Keras', as its configuration lacks it; "" if nothing tells.
std::string missing_setting(const AttributeMap& object, const std::string& name) {
  const auto row = std::ranges::find(kTelling, name, &Telling::name);
  const Attribute* value = find(object, "config");
  const auto* config = value == nullptr ? nullptr : as<AttributeMap>(*value);
  if (row == std::end(kTelling) || config == nullptr) return "";
  return config->count(row->setting) + config->count(row->of_keras_1) > 0 ? "" : row->setting;
}

std::string not_had(const std::string& name, const std::string& version) {
  return name + ", which Keras " + version + " did not have";
}

/// "" for a class of Keras' own.
std::string full_name(const AttributeMap& object, const std::string& name, const std::string& version) {
  const std::string *module = text_of(object, kModule), *registered = text_of(object, kRegistered);
  if (module != nullptr && is_keras_module(*module)) return "";
  if (registered != nullptr && *registered != name) return *registered;
  if (object.count(kModule) > 0) return (module == nullptr ? "__main__" : *module) + "." + name;
  if (name.find('>') != std::string::npos) return name;
  if (!had_class(name, version)) return not_had(name, version);
  const std::string missing = missing_setting(object, name);
  return missing.empty() ? "" : name + " without '" + missing + "', which that of Keras always has";
}

class Renamer {
 public:
  explicit Renamer(const std::string& version) : version_(version) {}

  Attribute renamed(const Attribute& value) const {
    if (const auto* items = as<AttributeList>(value)) {
      AttributeList all;
      for (const Attribute& item : *items) all.push_back(renamed(item));
      return list(all);
    }
    const auto* members = as<AttributeMap>(value);
    if (members == nullptr) return value;
    AttributeMap result;
    for (const auto& [key, member] : *members) {
      result.emplace_hint(result.end(), key, key == kActivation ? activation(member) : renamed(member));
    }
    const std::string* name = text_of(*members, kClass);
    // "__keras_tensor__" and the like are no classes, and functions have no class of their own.
    if (name == nullptr || name->starts_with("__") || *name == "function") return object(result);
    const std::string full = full_name(*members, *name, version_);
    if (!full.empty()) {
      result.insert_or_assign(kClass, text(full));
      result.insert_or_assign("saved_class", text(name->substr(name->rfind('>') + 1)));
    }
    return object(result);
  }

 private:
  /// A function that is Keras' own is written by its name alone; TensorFlow's swish is not.
  Attribute activation(const Attribute& value) const {
    const std::string* name = function_name(value);
    if (name == nullptr) return renamed(value);
    const auto* described = as<AttributeMap>(value);
    if (described != nullptr && described->count(kModule) > 0 && *name != "swish") {
      const std::string* module = text_of(*described, kModule);
      const bool of_keras = module != nullptr && is_keras_module(*module);
      if (!of_keras && name->find('>') == std::string::npos) return text(*name + ", a function of the model's author");
    }
    if (had_activation(*name, version_)) return value;
    return text(version_.empty() ? *name + ", which Keras does not have" : not_had(*name, version_));
  }

  const std::string& version_;
};

}  // namespace

Attribute with_full_names(const Attribute& config, const std::string& version) {
  return Renamer(version).renamed(config);
}

}  // namespace fovea::keras
