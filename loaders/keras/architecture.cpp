// Sequential and Functional configurations into one flat graph.
#include "loaders/keras/architecture.h"

#include <map>
#include <optional>
#include <queue>
#include <set>

#include "layers/error.h"
#include "loaders/hdf5/printable.h"
#include "loaders/keras/access.h"
#include "loaders/keras/calls.h"
#include "loaders/keras/saved_names.h"

namespace fovea::keras {
namespace {

using hdf5::printable;

constexpr std::size_t kMostNodes = 20'000;
constexpr int kDeepestModel = 64;
constexpr const char* kInput = "InputLayer";

bool is_model(const std::string& class_name) {
  return class_name == "Sequential" || class_name == "Functional" || class_name == "Model";
}

/// One layer as the configuration states it.
struct Entry {
  std::string class_name, name, place;
  const AttributeMap* json = nullptr;
  const AttributeMap* config =
      nullptr;  ///< nullptr for a Sequential whose configuration is a bare list (Keras < 2.2.3)
};

/// Where a model stands in the one around it.
struct Surroundings {
  std::string prefix;    ///< of its nodes' names
  std::string saved_at;  ///< where Keras 3 saves it, "" or ending in '/'
  bool trainable = true;
  int depth = 0;
  const std::vector<std::string>* inputs = nullptr;  ///< nodes it is called with; nullptr for the whole model
};

/// What a model or layer became: the nodes of its outputs, and all its nodes in Keras' order.
struct Placed {
  std::vector<std::string> outputs;
  std::vector<std::size_t> nodes;
};

class Parser {
 public:
  explicit Parser(std::string place) : place_(std::move(place)) {}

  Architecture run(const Attribute& config) {
    if (!is_model_config(config)) throw Error(place_ + ": not a Keras configuration");
    Entry model = entry(config, "model", place_);
    model.place = place_;
    if (!is_model(model.class_name)) {
      throw UnsupportedError(place_ + ": the model is of class '" + printable(model.class_name) +
                             "'; only Sequential and Functional models can be read");
    }
    result_.name = model.name;
    result_.outputs = place_model(model, {}).outputs;
    return std::move(result_);
  }

 private:
  static Entry entry(const Attribute& value, const std::string& fallback_name, const std::string& place) {
    const AttributeMap& json = expect_object(value, place + ": a layer");
    Entry e;
    e.json = &json;
    e.class_name = text_at(json, "class_name", place + ": a layer");
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
    return e;
  }

  static std::vector<Entry> entries(const Entry& model) {
    const AttributeList& list = model.config == nullptr ? list_at(*model.json, "config", model.place)
                                                        : list_at(*model.config, "layers", model.place);
    if (list.empty()) throw Error(model.place + ": has no layers");
    if (list.size() > kMostNodes) throw Error(model.place + ": has too many layers");
    std::vector<Entry> all;
    for (std::size_t i = 0; i < list.size(); ++i) {
      all.push_back(entry(list[i], "layer" + std::to_string(i), model.place));
    }
    return all;
  }

  /// The shape without the batch dimension, from `batch_input_shape` (Keras 2) or `batch_shape` (Keras 3).
  static std::optional<Attribute> stated_shape(const AttributeMap& object, const std::string& place) {
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

  /// The input shape of a model that starts without an InputLayer.
  static std::optional<Attribute> sequential_shape(const Entry& model, int depth) {
    if (depth > kDeepestModel) throw Error(model.place + ": models are nested too deeply");
    const Entry first = entries(model).front();
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

  std::size_t add(ConfigNode node, const std::string& place) {
    if (result_.nodes.size() >= kMostNodes) throw Error(place_ + ": has too many layers");
    if (!names_.insert(node.name).second)
      throw Error(place + ": the name '" + printable(node.name) + "' is used twice");
    result_.nodes.push_back(std::move(node));
    return result_.nodes.size() - 1;
  }

  /// Adds an input of the whole model.
  std::string add_input(const std::string& name, AttributeMap attributes, const std::string& place) {
    const auto shape = stated_shape(attributes, place);
    if (!shape) throw Error(place + ": does not state its shape");
    attributes.erase("batch_shape");
    attributes.erase("batch_input_shape");
    attributes.insert_or_assign("shape", *shape);
    add({kInput, name, name, std::move(attributes), {}, true, ""}, place);
    result_.inputs.push_back(name);
    return name;
  }

  /// Puts one layer, or a nested model, where it is called.
  Placed place_layer(const Entry& layer, const std::string& saved_name, const Call& call,
                     const std::vector<std::string>& inputs, const Surroundings& around) {
    const std::string saved_at = around.saved_at + "layers/" + saved_name;
    const bool trainable = around.trainable && (layer.config == nullptr || flag_at(*layer.config, "trainable", true));
    if (is_model(layer.class_name)) {
      if (!call.arguments.empty()) {
        throw UnsupportedError(layer.place + ": is called with '" + printable(call.arguments.begin()->first) + "'");
      }
      return place_model(layer,
                         {around.prefix + layer.name + "/", saved_at + "/", trainable, around.depth + 1, &inputs});
    }
    ConfigNode node{layer.class_name, around.prefix + layer.name, layer.name, *layer.config, inputs, trainable,
                    saved_at};
    // The layer finds it there and refuses what it does not know, like any other attribute.
    if (!call.arguments.empty()) node.attributes.insert_or_assign("call_arguments", Attribute::Value(call.arguments));
    const std::string name = node.name;
    return {{name}, {add(std::move(node), layer.place)}};
  }

  Placed place_model(const Entry& model, const Surroundings& around) {
    if (around.depth > kDeepestModel) throw Error(model.place + ": models are nested too deeply");
    return model.class_name == "Sequential" ? place_sequential(model, around) : place_functional(model, around);
  }

  Placed place_sequential(const Entry& model, const Surroundings& around) {
    const auto layers = entries(model);
    const bool whole = around.inputs == nullptr;
    const bool has_input = layers.front().class_name == kInput;
    Placed placed;
    if (!whole) {
      if (around.inputs->size() != 1) throw Error(model.place + ": a Sequential model has one input");
      placed.outputs = *around.inputs;
    } else if (has_input) {
      placed.outputs = {add_input(layers.front().name, *layers.front().config, layers.front().place)};
    } else {
      const auto shape = sequential_shape(model, 0);
      if (!shape) throw Error(model.place + ": does not state the shape of its input");
      AttributeList batch_shape = *as<AttributeList>(*shape);
      batch_shape.insert(batch_shape.begin(), Attribute());
      AttributeMap attributes{{"batch_shape", Attribute::Value(std::move(batch_shape))}};
      placed.outputs = {add_input(layers.front().name + "_input", std::move(attributes), model.place)};
    }
    const auto saved = saved_names_of(layers);
    for (std::size_t i = has_input ? 1 : 0; i < layers.size(); ++i) {
      Placed next = place_layer(layers[i], saved[i], {}, placed.outputs, around);
      if (next.outputs.size() != 1) throw Error(layers[i].place + ": has several outputs within a Sequential model");
      placed.outputs = std::move(next.outputs);
      placed.nodes.insert(placed.nodes.end(), next.nodes.begin(), next.nodes.end());
      if (whole) result_.layers.push_back({layers[i].name, layers[i].class_name, std::move(next.nodes)});
    }
    return placed;
  }

  static std::vector<std::string> saved_names_of(const std::vector<Entry>& layers) {
    SavedNames names;
    std::vector<std::string> all;
    for (const auto& layer : layers) all.push_back(names.next(layer.class_name));
    return all;
  }

  /// The one call of each layer, in the order of `layers`.
  static std::vector<Call> calls_of(const std::vector<Entry>& layers) {
    std::vector<Call> calls;
    for (const auto& layer : layers) {
      const Attribute* inbound = find(*layer.json, "inbound_nodes");
      std::vector<Call> all;
      if (inbound != nullptr) all = parse_calls(*inbound, layer.place);
      if (all.size() > 1) {
        throw UnsupportedError(layer.place + ": is used " + std::to_string(all.size()) +
                               " times; shared layers are not supported");
      }
      if (all.empty() && layer.class_name != kInput) throw Error(layer.place + ": has no inputs");
      calls.push_back(all.empty() ? Call{} : std::move(all.front()));
    }
    return calls;
  }

  Placed place_functional(const Entry& model, const Surroundings& around) {
    if (model.config == nullptr) throw Error(model.place + ": 'config' is not an object");
    const auto layers = entries(model);
    const auto calls = calls_of(layers);
    std::map<std::string, std::size_t> index;
    for (std::size_t i = 0; i < layers.size(); ++i) {
      if (!index.emplace(layers[i].name, i).second) throw Error(layers[i].place + ": the name is used twice");
    }
    const auto number_of = [&](const TensorRef& ref, const std::string& place) {
      const auto found = index.find(ref.layer);
      if (found == index.end())
        throw Error(place + ": refers to '" + printable(ref.layer) + "', which is not in the model");
      return found->second;
    };

    std::vector<Placed> placed(layers.size());
    const auto output_of = [&](const TensorRef& ref, const std::string& place) {
      const auto& outputs = placed[number_of(ref, place)].outputs;
      if (static_cast<std::size_t>(ref.index) >= outputs.size()) {
        throw UnsupportedError(place + ": reads output " + std::to_string(ref.index) + " of layer '" +
                               printable(ref.layer) + "', which has " + std::to_string(outputs.size()));
      }
      return outputs[static_cast<std::size_t>(ref.index)];
    };

    if (find(*model.config, "input_layers") == nullptr) throw Error(model.place + ": has no 'input_layers'");
    if (find(*model.config, "output_layers") == nullptr) throw Error(model.place + ": has no 'output_layers'");
    const auto model_inputs = parse_references(model.config->at("input_layers"), model.place + ": 'input_layers'");
    if (around.inputs != nullptr && around.inputs->size() != model_inputs.size()) {
      throw Error(model.place + ": has " + std::to_string(model_inputs.size()) + " inputs and is called with " +
                  std::to_string(around.inputs->size()));
    }
    for (std::size_t i = 0; i < model_inputs.size(); ++i) {
      const std::size_t number = number_of(model_inputs[i], model.place + ": 'input_layers'");
      const Entry& input = layers[number];
      if (input.class_name != kInput) throw Error(input.place + ": is a model's input and not an InputLayer");
      const bool whole = around.inputs == nullptr;
      placed[number].outputs = {whole ? add_input(input.name, *input.config, input.place) : (*around.inputs)[i]};
    }

    place_in_order(layers, calls, number_of, output_of, around, placed);

    Placed all;
    for (std::size_t i = 0; i < layers.size(); ++i) {
      all.nodes.insert(all.nodes.end(), placed[i].nodes.begin(), placed[i].nodes.end());
      if (around.inputs == nullptr) result_.layers.push_back({layers[i].name, layers[i].class_name, placed[i].nodes});
    }
    const std::string place = model.place + ": 'output_layers'";
    for (const auto& ref : parse_references(model.config->at("output_layers"), place)) {
      all.outputs.push_back(output_of(ref, place));
    }
    if (all.outputs.empty()) throw Error(model.place + ": has no outputs");
    return all;
  }

  /// Places every layer once all that it reads has been placed (Kahn's algorithm); in a configuration the order is
  /// free.
  template <typename NumberOf, typename OutputOf>
  void place_in_order(const std::vector<Entry>& layers, const std::vector<Call>& calls, const NumberOf& number_of,
                      const OutputOf& output_of, const Surroundings& around, std::vector<Placed>& placed) {
    const auto saved = saved_names_of(layers);
    std::vector<std::vector<std::size_t>> readers(layers.size());
    std::vector<std::size_t> missing(layers.size());
    std::queue<std::size_t> ready;
    for (std::size_t i = 0; i < layers.size(); ++i) {
      for (const auto& ref : calls[i].inputs) readers[number_of(ref, layers[i].place)].push_back(i);
      missing[i] = calls[i].inputs.size();
      if (missing[i] == 0) ready.push(i);
    }
    std::size_t done = 0;
    for (; !ready.empty(); ready.pop(), ++done) {
      const std::size_t i = ready.front();
      if (layers[i].class_name != kInput) {
        std::vector<std::string> inputs;
        for (const auto& ref : calls[i].inputs) inputs.push_back(output_of(ref, layers[i].place));
        placed[i] = place_layer(layers[i], saved[i], calls[i], inputs, around);
      } else if (placed[i].outputs.empty()) {
        throw Error(layers[i].place + ": is not among the model's inputs");
      }
      for (const std::size_t reader : readers[i]) {
        if (--missing[reader] == 0) ready.push(reader);
      }
    }
    if (done == layers.size()) return;
    for (std::size_t i = 0; i < layers.size(); ++i) {
      if (missing[i] > 0) throw Error(layers[i].place + ": is part of a cycle");
    }
  }

  std::string place_;
  Architecture result_;
  std::set<std::string> names_;
};

}  // namespace

bool is_model_config(const Attribute& value) {
  const auto* object = as<AttributeMap>(value);
  return object != nullptr && find(*object, "class_name") != nullptr && find(*object, "config") != nullptr;
}

Architecture parse_architecture(const Attribute& config, const std::string& place) { return Parser(place).run(config); }

}  // namespace fovea::keras
