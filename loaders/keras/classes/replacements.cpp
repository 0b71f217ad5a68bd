// One node of the description becomes one or several of the same name.
#include "loaders/keras/classes/replacements.h"

#include <algorithm>
#include <initializer_list>
#include <optional>
#include <set>
#include <utility>

#include <fovea/error.h>
#include "layers/registry.h"
#include "loaders/keras/config/operations.h"
#include "loaders/keras/json/access.h"
#include "loaders/keras/json/json.h"
#include "loaders/keras/json/json_file.h"
#include "loaders/keras/weights/variables.h"
#include "loaders/printable.h"

namespace fovea::keras {
namespace {

constexpr std::uintmax_t kLargestFile = std::uintmax_t{1} << 20;
constexpr std::size_t kMostSteps = 1000;
constexpr std::int64_t kMostConstants = std::int64_t{1} << 20;
constexpr const char* kInput = "input";

void check_keys(const AttributeMap& object, std::initializer_list<const char*> known, const std::string& place) {
  for (const auto& [key, value] : object) {
    if (std::ranges::find(known, key) == known.end())
      throw Error(place + ": '" + printable(key) + "' is not a setting of a replacement");
  }
}

/// The values of a weight as nested lists, or their reciprocals.
Attribute as_lists(const Weight& weight, bool reciprocal, std::size_t dim, std::int64_t& at) {
  if (dim == weight.shape.size()) {
    const double value = double{weight.data[static_cast<std::ptrdiff_t>(at++)]};
    return Attribute::Value(reciprocal ? 1 / value : value);
  }
  AttributeList items;
  for (std::int64_t i = 0; i < weight.shape[dim]; ++i) items.push_back(as_lists(weight, reciprocal, dim + 1, at));
  return list(items);
}

/// One layer of the model with what is to run in its place.
class Replacement {
 public:
  Replacement(std::string place, NodeDesc& node) : place_(std::move(place)), node_(node) {
    for (const Weight& weight : node.config.weights()) unread_.insert(weight.name);
  }

  std::vector<NodeDesc> run(const Attribute& spec) {
    const AttributeMap& object = expect_object(spec, place_);
    if (find(object, "layers") == nullptr) {
      check_keys(object, {"class_name", "config", "inputs"}, place_);
      add(object, node_.config.name(), place_, true);
    } else {
      check_keys(object, {"layers"}, place_);
      graph(list_at(object, "layers", place_));
    }
    if (!unread_.empty())
      throw Error(place_ + ": nothing takes the layer's weight '" + printable(*unread_.begin()) + "'");
    return std::move(nodes_);
  }

 private:
  void graph(const AttributeList& steps) {
    if (steps.empty()) throw Error(place_ + ": 'layers' is empty");
    if (steps.size() > kMostSteps) throw Error(place_ + ": has too many layers");
    std::size_t with_weights = 0;
    for (const Attribute& step : steps) {
      const AttributeMap& object = expect_object(step, place_ + ": a layer");
      with_weights += expected_variables(as_node(object, place_)) ? 1 : 0;
    }
    for (std::size_t i = 0; i < steps.size(); ++i) {
      const AttributeMap& step = expect_object(steps[i], place_ + ": a layer");
      const std::string own = find(step, "name") == nullptr ? std::to_string(i + 1) : text_at(step, "name", place_);
      const std::string place = place_ + ": layer '" + printable(own) + "'";
      check_keys(step, {"name", "class_name", "config", "inputs"}, place);
      if (own == kInput || own.rfind("input ", 0) == 0) throw Error(place + ": the name means the layer's own input");
      const bool last = i + 1 == steps.size();
      const std::string& name = node_.config.name();
      add(step, last ? name : name + "/" + own, place, with_weights == 1);
      if (!names_.emplace(own, nodes_.back().config.name()).second) throw Error(place + ": the name is used twice");
    }
  }

  static ConfigNode as_node(const AttributeMap& step, const std::string& place) {
    ConfigNode node;
    node.class_name = text_at(step, "class_name", place);
    if (const Attribute* config = find(step, "config")) node.attributes = expect_object(*config, place + ": 'config'");
    return node;
  }

  void add(const AttributeMap& step, const std::string& name, const std::string& place, bool takes_weights) {
    const ConfigNode node = as_node(step, place);
    Call call;
    std::vector<std::string> inputs;
    read_inputs(step, place, call, inputs);
    const auto classes = layer_classes();
    const bool layer = std::ranges::binary_search(classes, node.class_name) && node.class_name != "Operation";
    if (layer && call.arguments.empty()) {
      std::vector<Weight> weights;
      if (takes_weights) weights = weights_of(node);
      nodes_.push_back({LayerConfig(node.class_name, name, node.attributes, std::move(weights)), inputs});
      return;
    }
    auto attributes = operation_attributes(node.class_name, node.attributes, call, place, inputs);
    if (results_of(attributes, place).size() != 1) throw UnsupportedError(place + ": has several results");
    nodes_.push_back({LayerConfig("Operation", name, std::move(attributes), {}), inputs});
  }

  /// Those that are stated, or the layer before it, or all that the replaced layer has.
  void read_inputs(const AttributeMap& step, const std::string& place, Call& call, std::vector<std::string>& inputs) {
    const Attribute* stated = find(step, "inputs");
    if (stated == nullptr) {
      inputs = nodes_.empty() ? node_.inputs : std::vector{nodes_.back().config.name()};
      call.passed_as.assign(inputs.size(), "argument 0");
      return;
    }
    std::size_t number = 0;
    for (const Attribute& item : expect_list(*stated, place + ": 'inputs'")) {
      const std::string argument = "argument " + std::to_string(number++);
      if (const auto* name = as<std::string>(item)) {
        inputs.push_back(input_named(*name, place));
        call.passed_as.push_back(argument);
      } else {
        call.arguments.emplace(argument, constant(item, place));
      }
    }
    if (inputs.empty()) throw Error(place + ": has no inputs");
  }

  /// "input" and "input 0" are the first of the replaced layer, "input 1" the second; else a layer before this one.
  std::string input_named(const std::string& name, const std::string& place) const {
    if (const auto known = names_.find(name); known != names_.end()) return known->second;
    for (std::size_t i = 0; i < node_.inputs.size(); ++i) {
      if (name == "input " + std::to_string(i) || (i == 0 && name == kInput)) return node_.inputs[i];
    }
    throw Error(place + ": there is no input '" + printable(name) + "'; the layer has " +
                std::to_string(node_.inputs.size()) + ", and layers may read those before them");
  }

  /// A number, lists of numbers, or {"weight": NAME}.
  Attribute constant(const Attribute& item, const std::string& place) {
    const auto* object = as<AttributeMap>(item);
    if (object == nullptr) return item;
    check_keys(*object, {"weight", "reciprocal"}, place + ": an input");
    const std::string name = text_at(*object, "weight", place + ": an input");
    const bool reciprocal = flag_at(*object, "reciprocal", false);
    const auto& weights = node_.config.weights();
    const auto found = std::ranges::find(weights, name, &Weight::name);
    if (found == weights.end())
      throw Error(place + ": the layer has no weight '" + printable(name) + "'" + its_weights());
    if (found->elements() > kMostConstants) throw Error(place + ": the weight '" + printable(name) + "' is too large");
    unread_.erase(name);
    std::int64_t at = 0;
    return as_lists(*found, reciprocal, 0, at);
  }

  std::string its_weights() const {
    std::string names;
    for (const Weight& weight : node_.config.weights()) names += (names.empty() ? "; it has '" : "', '") + weight.name;
    return printable(names) + (names.empty() ? "; it has none" : "'");
  }

  /// Of the replaced layer, by the names that the class gives them: archives of Keras 3 only number them.
  std::vector<Weight> weights_of(const ConfigNode& node) {
    const auto variables = expected_variables(node);
    std::vector<Weight> weights;
    for (const Weight& weight : node_.config.weights()) {
      if (unread_.count(weight.name) > 0) weights.push_back(weight);
    }
    if (!variables || weights.empty()) return {};
    const bool numbered = std::ranges::all_of(
        weights, [](const Weight& weight) { return weight.name.find_first_not_of("0123456789") == std::string::npos; });
    if (numbered && weights.size() == variables->size()) {
      for (std::size_t i = 0; i < weights.size(); ++i) weights[i].name = (*variables)[i].name;
    }
    unread_.clear();
    return weights;
  }

  std::string place_;
  NodeDesc& node_;
  std::vector<NodeDesc> nodes_;
  std::map<std::string, std::string> names_;  ///< of nodes, by those of the layers in the file
  std::set<std::string> unread_;              ///< weights
};

std::string place_of(const std::string& path, const std::string& name) { return path + ": '" + printable(name) + "'"; }

/// The nodes of all calls of the layer with this name, or with this own name if there is only one.
std::vector<std::size_t> nodes_of(const Architecture& architecture, const std::string& name, const std::string& place) {
  std::vector<std::size_t> whole, own;
  std::set<std::string> meant;
  for (std::size_t i = 0; i < architecture.nodes.size(); ++i) {
    const ConfigNode& node = architecture.nodes[i];
    const std::string& first_call = node.shares ? architecture.nodes[*node.shares].name : node.name;
    if (first_call == name) whole.push_back(i);
    if (node.own_name != name) continue;
    own.push_back(i);
    meant.insert(first_call);
  }
  if (whole.empty() && meant.size() > 1)
    throw Error(place + ": several layers have this name; one is '" + printable(*meant.begin()) + "'");
  const auto& nodes = whole.empty() ? own : whole;
  if (nodes.empty()) throw Error(place + ": the model has no layer of this name");
  for (const std::size_t i : nodes) {
    if (architecture.nodes[i].class_name == "InputLayer") throw Error(place + ": is an input of the model");
  }
  return nodes;
}

}  // namespace

Replacements::Replacements(const KerasOptions& options)
    : path_(options.layers_file.empty() ? "layers_json" : options.layers_file) {
  if (options.layers_file.empty() && options.layers_json.empty()) return;
  Attribute json;
  if (options.layers_file.empty()) {
    if (options.layers_json.size() > kLargestFile) throw Error(path_ + ": is too large");
    text_ = options.layers_json;
    json = parse_json(text_, path_);
  } else {
    if (!options.layers_json.empty()) throw Error(path_ + ": layers are given twice, as a file and as layers_json");
    JsonFile file = read_json_file(path_, kLargestFile);
    text_ = std::move(file.text);
    json = std::move(file.json);
  }
  layers_ = expect_object(json, path_);
  if (layers_.empty()) throw Error(path_ + ": names no layer");
  if (find(layers_, "fovea_card") != nullptr) throw Error(path_ + ": a model card, not a list of layers to replace");
}

void Replacements::mark(Architecture& architecture) const {
  for (const auto& [name, spec] : layers_) {
    for (const std::size_t i : nodes_of(architecture, name, place_of(path_, name)))
      architecture.nodes[i].replaced = true;
  }
}

void Replacements::apply(const Architecture& architecture, ModelDesc& desc) const {
  for (const auto& [name, spec] : layers_) {
    const std::string place = place_of(path_, name);
    for (const std::size_t i : nodes_of(architecture, name, place)) {
      std::vector<NodeDesc> instead = Replacement(place, desc.nodes[i]).run(spec);
      desc.nodes[i] = std::move(instead.back());
      instead.pop_back();
      std::ranges::move(instead, std::back_inserter(desc.nodes));
    }
  }
}

std::string replacement_to_start_from(const std::vector<std::string>& names) {
  std::string all;
  for (const std::string& name : names)
    all += (all.empty() ? "{\"" : ", \"") + printable(name) + "\": {\"class_name\": \"...\"}";
  return all.empty() ? all : all + "}";
}

}  // namespace fovea::keras
