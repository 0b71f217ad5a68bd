// Sequential and Functional configurations into one flat graph.
#include "loaders/keras/config/architecture.h"

#include <algorithm>
#include <set>

#include <fovea/error.h>
#include "loaders/keras/config/call_graph.h"
#include "loaders/keras/config/constants.h"
#include "loaders/keras/config/entries.h"
#include "loaders/keras/config/operations.h"
#include "loaders/keras/config/whole_numbers.h"
#include "loaders/keras/json/access.h"
#include "loaders/printable.h"

namespace fovea::keras {
namespace {

constexpr std::size_t kMostSettings = 4'000'000;

/// Where a model stands in the one around it.
struct Surroundings {
  std::string prefix;    ///< of its nodes' names
  std::string saved_at;  ///< where Keras 3 saves it, "" or ending in '/'
  bool trainable = true;
  int depth = 0;
  const std::vector<std::string>* inputs = nullptr;  ///< nodes it is called with; nullptr for the whole model
  const Call* call = nullptr;                        ///< how
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
    Entry model = read_entry(config, "model", place_);
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
  /// Every call of a layer has its settings once more: a bound on all of them together.
  void count_values(const AttributeMap& attributes, const std::string& place) {
    for (const auto& [key, value] : attributes) count_values(value, place);
  }
  void count_values(const Attribute& value, const std::string& place) {
    if (++values_ > kMostSettings) throw Error(place + ": the layers have too many settings");
    if (const auto* list = as<AttributeList>(value)) {
      for (const Attribute& item : *list) count_values(item, place);
    } else if (const auto* object = as<AttributeMap>(value)) {
      count_values(*object, place);
    }
  }

  std::size_t add(ConfigNode node, const std::string& place) {
    if (result_.nodes.size() >= kMostNodes) throw Error(place_ + ": has too many layers");
    count_values(node.attributes, place);
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
    add({kInputClass, name, name, std::move(attributes), {}}, place);
    result_.inputs.push_back(name);
    return name;
  }

  /// Puts one layer, or a nested model, where it is called.
  Placed place_layer(const Entry& layer, const std::string& saved_name, const Call& call,
                     const std::vector<std::string>& inputs, const Surroundings& around, std::size_t number) {
    const std::string saved_at = saved_name.empty() ? "" : around.saved_at + "layers/" + saved_name;
    const bool trainable = around.trainable && (layer.config == nullptr || flag_at(*layer.config, "trainable", true));
    // The second call of 'conv1' is 'conv1:2'.
    const std::string name = around.prefix + layer.name + (number == 0 ? "" : ":" + std::to_string(number + 1));
    if (is_model(layer.class_name)) {
      if (!call.arguments.empty()) {
        throw UnsupportedError(layer.place + ": is called with '" + printable(call.arguments.begin()->first) + "'");
      }
      return place_model(layer, {name + "/", saved_at + "/", trainable, around.depth + 1, &inputs, &call});
    }
    ConfigNode node{layer.class_name, name, layer.name, plain_numbers(*layer.config), inputs, trainable, saved_at};
    if (layer.operation) return place_operation(layer, std::move(node), call, number);
    if (!call.arguments.empty()) {
      // The layer finds it there and refuses what it does not know, like any other attribute.
      node.attributes.insert_or_assign("call_arguments", Attribute::Value(call.arguments));
    }
    return {{name}, {add(std::move(node), layer.place)}};
  }

  Placed place_operation(const Entry& layer, ConfigNode node, const Call& call, std::size_t number) {
    if (number > 0 && layer.class_name == kTensorFlowOp)
      throw UnsupportedError(layer.place + ": TensorFlow's own operations are called once");
    const std::string name = node.name;
    node.class_name = "Operation";
    Placed placed;
    const auto attributes = operation_attributes(layer.class_name, node.attributes, call, layer.place, node.inputs);
    for (auto& result : results_of(attributes, layer.place)) {
      node.name = name + (placed.nodes.empty() ? "" : "/" + std::to_string(placed.nodes.size()));
      node.attributes = std::move(result);
      placed.outputs.push_back(node.name);
      placed.nodes.push_back(add(node, layer.place));
    }
    return placed;
  }

  Placed place_model(const Entry& model, const Surroundings& around) {
    if (around.depth > kDeepestModel) throw Error(model.place + ": models are nested too deeply");
    return model.class_name == "Sequential" ? place_sequential(model, around) : place_functional(model, around);
  }

  Placed place_sequential(const Entry& model, const Surroundings& around) {
    const auto layers = read_entries(model);
    const bool whole = around.inputs == nullptr;
    const bool has_input = layers.front().class_name == kInputClass;
    Placed placed;
    if (!whole) {
      if (around.inputs->size() != 1) throw Error(model.place + ": a Sequential model has one input");
      placed.outputs = *around.inputs;
    } else if (has_input) {
      placed.outputs = {add_input(layers.front().name, *layers.front().config, layers.front().place)};
    } else {
      const auto shape = sequential_shape(model, 0);
      if (!shape) {
        throw Error(model.place + ": does not state the shape of its input, which Keras itself needs to load it");
      }
      AttributeList batch_shape = *as<AttributeList>(*shape);
      batch_shape.insert(batch_shape.begin(), Attribute());
      AttributeMap attributes{{"batch_shape", Attribute::Value(std::move(batch_shape))}};
      placed.outputs = {add_input(layers.front().name + "_input", std::move(attributes), model.place)};
    }
    const auto saved = saved_names_of(layers);
    for (std::size_t i = has_input ? 1 : 0; i < layers.size(); ++i) {
      if (layers[i].class_name == kInputClass) {  // Keras passes its input on, whatever shape it states
        if (whole) result_.layers.push_back({layers[i].name, layers[i].class_name, {}});
        continue;
      }
      Placed next = place_layer(layers[i], saved[i], {}, placed.outputs, around, 0);
      if (next.outputs.size() != 1) throw Error(layers[i].place + ": has several outputs within a Sequential model");
      placed.outputs = std::move(next.outputs);
      placed.nodes.insert(placed.nodes.end(), next.nodes.begin(), next.nodes.end());
      if (whole) result_.layers.push_back({layers[i].name, layers[i].class_name, std::move(next.nodes)});
    }
    return placed;
  }

  /// The node that each input of a model is; "" for those of the whole model. In a dictionary they are found by the
  /// keys of the model's own, or else by the names of its inputs.
  static std::vector<std::string> inputs_of(const Entry& model, const References& wanted, const Surroundings& around) {
    std::vector<std::string> given(wanted.all.size());
    if (around.inputs == nullptr) return given;
    const bool by_key = around.call->dictionary;
    if (around.inputs->size() != given.size() && (!by_key || !wanted.keys.empty())) {
      throw Error(model.place + ": has " + std::to_string(given.size()) + " inputs and is called with " +
                  std::to_string(around.inputs->size()));
    }
    if (!by_key) return *around.inputs;
    for (std::size_t i = 0; i < given.size(); ++i) {
      const std::string& key = wanted.keys.empty() ? wanted.all[i].layer : wanted.keys[i];
      const auto found = std::ranges::find(around.call->passed_as, key);
      if (found == around.call->passed_as.end())
        throw Error(model.place + ": is called without its input '" + printable(key) + "'");
      given[i] = (*around.inputs)[static_cast<std::size_t>(found - around.call->passed_as.begin())];
    }
    return given;
  }

  Placed place_functional(const Entry& model, const Surroundings& around) {
    if (model.config == nullptr) throw Error(model.place + ": 'config' is not an object");
    const auto layers = read_entries(model);
    CallGraph graph(layers);

    // What each call of each layer became.
    std::vector<std::vector<Placed>> placed;
    for (const auto& calls : graph.calls()) placed.emplace_back(calls.size());
    const auto output_of = [&](const TensorRef& ref, const std::string& place) {
      const auto [number, call] = graph.find(ref, place);
      const auto& outputs = placed[number][call].outputs;
      if (static_cast<std::size_t>(ref.index) >= outputs.size()) {
        const std::string layer =
            " of layer '" + printable(ref.layer) + "' (" + printable(layers[number].class_name) + ")";
        if (outputs.size() == 1) {
          throw UnsupportedError(place + ": reads output " + std::to_string(ref.index) + layer +
                                 ", of which one output is supported");
        }
        throw UnsupportedError(place + ": reads output " + std::to_string(ref.index) + layer + ", which has " +
                               std::to_string(outputs.size()));
      }
      return outputs[static_cast<std::size_t>(ref.index)];
    };

    if (find(*model.config, "input_layers") == nullptr) throw Error(model.place + ": has no 'input_layers'");
    if (find(*model.config, "output_layers") == nullptr) throw Error(model.place + ": has no 'output_layers'");
    auto model_outputs = parse_references(model.config->at("output_layers"), model.place + ": 'output_layers'").all;
    graph.number(model_outputs);
    const auto model_inputs = parse_references(model.config->at("input_layers"), model.place + ": 'input_layers'");
    const auto given = inputs_of(model, model_inputs, around);
    for (std::size_t i = 0; i < given.size(); ++i) {
      const std::size_t number = graph.layer(model_inputs.all[i].layer, model.place + ": 'input_layers'");
      const Entry& input = layers[number];
      if (input.class_name != kInputClass) throw Error(input.place + ": is a model's input and not an InputLayer");
      const bool whole = around.inputs == nullptr;
      if (!whole) check_inner_input(input, given[i]);
      placed[number].front().outputs = {whole ? add_input(input.name, *input.config, input.place) : given[i]};
    }

    const auto saved = saved_names_of(layers);
    for (const auto& [i, number] : graph.in_order()) {
      const Call& call = graph.calls()[i][number];
      if (layers[i].class_name != kInputClass) {
        std::vector<std::string> inputs;
        for (const auto& ref : call.inputs) inputs.push_back(output_of(ref, layers[i].place));
        placed[i][number] = place_layer(layers[i], saved[i], call, inputs, around, number);
      } else if (placed[i][number].outputs.empty()) {
        throw Error(layers[i].place + ": is not among the model's inputs");
      }
    }
    share_weights(placed);

    Placed all;
    for (std::size_t i = 0; i < layers.size(); ++i) {
      for (const Placed& call : placed[i]) all.nodes.insert(all.nodes.end(), call.nodes.begin(), call.nodes.end());
      if (around.inputs != nullptr || (layers[i].operation && find(*layers[i].json, "module") != nullptr)) continue;
      result_.layers.push_back({layers[i].name, layers[i].class_name, placed[i].front().nodes});
    }
    for (const auto& ref : model_outputs) all.outputs.push_back(output_of(ref, model.place + ": 'output_layers'"));
    if (all.outputs.empty()) throw Error(model.place + ": has no outputs");
    return all;
  }

  /// A model within another cuts what it is called with if its input is of whole numbers.
  void check_inner_input(const Entry& input, const std::string& from) const {
    const Attribute* dtype = find(*input.config, "dtype");
    const auto* type = dtype == nullptr ? nullptr : as<std::string>(*dtype);
    if (type == nullptr || !is_whole(*type)) return;
    const auto node = std::ranges::find(result_.nodes, from, &ConfigNode::name);
    const Attribute* given = node == result_.nodes.end() ? nullptr : find(node->attributes, "dtype");
    const auto* given_type = given == nullptr || node->class_name != kInputClass ? nullptr : as<std::string>(*given);
    if (given_type != nullptr && *given_type == *type) return;
    throw UnsupportedError(input.place + ": makes whole numbers (" + *type + ") of what the model is called with, " +
                           "which is not supported");
  }

  /// All calls of a layer have the weights of the first.
  void share_weights(const std::vector<std::vector<Placed>>& placed) {
    for (const auto& calls : placed) {
      for (const Placed& call : calls) {
        if (&call == &calls.front()) continue;
        // A split may have other parts in every call; operations have no weights.
        if (call.nodes.size() != calls.front().nodes.size()) continue;
        for (std::size_t i = 0; i < call.nodes.size(); ++i) {
          ConfigNode& node = result_.nodes[call.nodes[i]];
          const std::size_t first = calls.front().nodes[i];
          node.shares = result_.nodes[first].shares ? *result_.nodes[first].shares : first;
        }
      }
    }
  }

  std::string place_;
  Architecture result_;
  std::set<std::string> names_;
  std::size_t values_ = 0;  ///< in the settings of all nodes
};

}  // namespace

bool is_model_config(const Attribute& value) {
  const auto* object = as<AttributeMap>(value);
  return object != nullptr && find(*object, "class_name") != nullptr && find(*object, "config") != nullptr;
}

Architecture parse_architecture(const Attribute& config, const std::string& place) { return Parser(place).run(config); }

}  // namespace fovea::keras
