// Reading of entries.
#include "loaders/keras/config/entries.h"

#include <algorithm>
#include <initializer_list>
#include <map>
#include <string_view>

#include <fovea/error.h>
#include "loaders/keras/config/operations.h"
#include "loaders/keras/config/saved_names.h"
#include "loaders/keras/json/access.h"
#include "loaders/printable.h"

namespace fovea::keras {

namespace {

// Classes that compute what one of Keras does with the same settings: of TensorFlow 1 and 2, of TensorFlow Addons (its
// InstanceNormalization says groups -1), and of the EfficientNets that came before Keras' own; and one of Keras' own
// that it registered like a user's.
const std::map<std::string, std::string> kOtherNames = {
    {"BatchNormalizationV1", "BatchNormalization"},         {"BatchNormalizationV2", "BatchNormalization"},
    {"SyncBatchNormalization", "BatchNormalization"},       {"Addons>GroupNormalization", "GroupNormalization"},
    {"Addons>InstanceNormalization", "GroupNormalization"}, {"FixedDropout", "Dropout"},
    {"Custom>CustomScaleLayer", "CustomScaleLayer"}};

/// True if the object has all of `needed` and nothing that is not among `known`.
bool has_only(const AttributeMap& object, std::initializer_list<const char*> needed,
              std::initializer_list<std::string_view> known) {
  return std::ranges::all_of(needed, [&](const char* key) { return find(object, key) != nullptr; }) &&
         std::ranges::all_of(object, [&](const auto& item) { return std::ranges::count(known, item.first) > 0; });
}

/// "Functional" or "Sequential" for a configuration that is one of these and nothing more, as subclasses of Keras'
/// models that only train in another way write it; else "". A Sequential that was built lists its input.
std::string plain_graph(const AttributeMap& config) {
  if (has_only(config, {"layers", "input_layers", "output_layers"},
               {"name", "trainable", "dtype", "layers", "input_layers", "output_layers"}))
    return "Functional";
  if (!has_only(config, {"layers"}, {"name", "trainable", "dtype", "layers", "build_input_shape"})) return "";
  const auto* layers = as<AttributeList>(config.at("layers"));
  const auto* first = layers == nullptr || layers->empty() ? nullptr : as<AttributeMap>(layers->front());
  const Attribute* name = first == nullptr ? nullptr : find(*first, "class_name");
  const auto* input = name == nullptr ? nullptr : as<std::string>(*name);
  return input != nullptr && *input == "InputLayer" ? "Sequential" : "";
}

}  // namespace

bool is_model(const std::string& class_name) {
  return class_name == "Sequential" || class_name == "Functional" || class_name == "Model";
}

Entry read_entry(const Attribute& value, const std::string& fallback_name, const std::string& place) {
  const AttributeMap& json = expect_object(value, place + ": a layer");
  Entry e;
  e.json = &json;
  e.class_name = text_at(json, "class_name", place + ": a layer");
  e.saved_class =
      find(json, "saved_class") == nullptr ? e.class_name : text_at(json, "saved_class", place + ": a layer");
  const Attribute* config = find(json, "config");
  if (config == nullptr) throw Error(place + ": a layer of class '" + printable(e.class_name) + "' has no 'config'");
  e.config = as<AttributeMap>(*config);
  if (e.config == nullptr && e.class_name != "Sequential") expect_object(*config, place + ": 'config' of a layer");
  if (find(json, "name") != nullptr) {
    e.name = text_at(json, "name", place + ": a layer");
  } else if (e.config != nullptr && find(*e.config, "name") != nullptr) {
    e.name = text_at(*e.config, "name", place + ": a layer");
  } else {
    e.name = fallback_name;
  }
  e.place = place + ": layer '" + printable(e.name) + "' (" + printable(e.class_name) + ")";
  e.operation = is_operation(json, e.config);
  if (const auto known = kOtherNames.find(e.class_name); known != kOtherNames.end()) e.class_name = known->second;
  const std::string graph = e.config == nullptr || is_model(e.class_name) ? "" : plain_graph(*e.config);
  if (!graph.empty()) e.class_name = graph;
  return e;
}

std::vector<Entry> read_entries(const Entry& model) {
  const AttributeList& list = model.config == nullptr ? list_at(*model.json, "config", model.place)
                                                      : list_at(*model.config, "layers", model.place);
  if (list.empty()) throw Error(model.place + ": has no layers");
  if (list.size() > kMostNodes) throw Error(model.place + ": has too many layers");
  std::vector<Entry> all;
  for (std::size_t i = 0; i < list.size(); ++i) {
    all.push_back(read_entry(list[i], "layer" + std::to_string(i), model.place));
  }
  return all;
}

std::optional<Attribute> stated_shape(const AttributeMap& object, const std::string& place) {
  for (const char* key : {"batch_shape", "batch_input_shape", "build_input_shape", "input_shape"}) {
    const Attribute* value = find(object, key);
    if (value == nullptr) continue;
    AttributeList dims = expect_list(*value, place + ": '" + key + "'");
    if (dims.empty()) throw Error(place + ": '" + key + "' is empty");
    dims.erase(dims.begin());
    for (const auto& dim : dims) {
      const auto* size = as<std::int64_t>(dim);
      const bool good = dim.is_null() || (size != nullptr && *size > 0);
      if (!good) throw Error(place + ": '" + key + "' is not a shape");
    }
    return Attribute::Value(std::move(dims));
  }
  return std::nullopt;
}

std::optional<Attribute> sequential_shape(const Entry& model, int depth) {
  if (depth > kDeepestModel) throw Error(model.place + ": models are nested too deeply");
  const Entry first = read_entries(model).front();
  if (first.config != nullptr && !is_model(first.class_name)) {
    if (auto shape = stated_shape(*first.config, first.place)) return shape;
  }
  if (model.config != nullptr) {
    if (auto shape = stated_shape(*model.config, model.place)) return shape;
  }
  if (const Attribute* build = find(*model.json, "build_config")) {
    if (auto shape = stated_shape(expect_object(*build, model.place), model.place)) return shape;
  }
  if (is_model(first.class_name)) return sequential_shape(first, depth + 1);
  return std::nullopt;
}

std::vector<std::string> saved_names_of(const std::vector<Entry>& layers) {
  SavedNames names;
  std::vector<std::string> all;
  for (const auto& layer : layers) all.push_back(layer.operation ? "" : names.next(layer.saved_class));
  return all;
}

}  // namespace fovea::keras
