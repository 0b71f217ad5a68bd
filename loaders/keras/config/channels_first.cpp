// One walk over the layers, in the order in which they compute, keeping the rank of every result.
#include "loaders/keras/config/channels_first.h"

#include <algorithm>
#include <map>
#include <set>

#include <fovea/error.h>
#include "loaders/keras/config/turned_layers.h"
#include "loaders/keras/json/access.h"
#include "loaders/printable.h"

namespace fovea::keras {
namespace {

constexpr const char* kFormat = "data_format";
constexpr const char *kFirst = "channels_first", *kLast = "channels_last";

bool says(const ConfigNode& node, const char* format) {
  const Attribute* value = find(node.attributes, kFormat);
  const auto* stated = value == nullptr ? nullptr : as<std::string>(*value);
  return stated != nullptr && *stated == format;
}

AttributeList* list_of(AttributeMap& attributes, const char* key) {
  const auto found = attributes.find(key);
  if (found == attributes.end()) return nullptr;
  return const_cast<AttributeList*>(as<AttributeList>(found->second));
}

class Turner {
 public:
  Turner(Architecture& architecture, const std::string& place) : architecture_(architecture), place_(place) {}

  void run() {
    // Nodes stand behind all that they read.
    std::vector<ConfigNode> nodes = std::move(architecture_.nodes);
    for (ConfigNode& node : nodes) {
      for (std::string& input : node.inputs) input = current(input);
      turn(node);
    }
    for (std::string& output : architecture_.outputs) output = current(output);
    architecture_.nodes = std::move(nodes);
    for (ConfigNode& node : added_) architecture_.nodes.push_back(std::move(node));
  }

 private:
  [[noreturn]] void fail(const ConfigNode& node, const std::string& reason) const {
    throw UnsupportedError(place_ + ": layer '" + printable(node.name) + "' (" + printable(node.class_name) +
                           "): " + reason + " is not supported in a channels_first model");
  }

  /// What is read in place of a node's result.
  const std::string& current(const std::string& name) const {
    const auto found = renamed_.find(name);
    return found == renamed_.end() ? name : found->second;
  }

  std::size_t rank_of_input(const ConfigNode& node) const {
    const auto found = node.inputs.empty() ? ranks_.end() : ranks_.find(node.inputs.front());
    return found == ranks_.end() ? 0 : found->second;
  }

  ConfigNode& add_permute(const std::string& name, const std::string& input, int a, int b, int c) {
    added_.push_back(permute_node(name, input, a, b, c));
    return added_.back();
  }

  /// Puts a Permute between the node and each map that it reads: it reads them channels first.
  void permute_inputs(ConfigNode& node) {
    std::size_t count = 0;
    for (std::string& input : node.inputs) {
      if (ranks_[input] != 3) continue;
      const std::string name = node.name + "/order" + (count++ == 0 ? "" : ":" + std::to_string(count));
      input = add_permute(name, input, 3, 1, 2).name;
    }
  }

  /// The map that the node makes is channels first: its readers want it turned.
  void permute_result(const ConfigNode& node) {
    const std::string name = add_permute(node.name + "/turned", node.name, 2, 3, 1).name;
    renamed_[node.name] = name;
    ranks_[name] = 3;
  }

  /// Leaves the layer as it is, between maps that are channels first; its result has as many dimensions as its input.
  void keep(ConfigNode& node) {
    permute_inputs(node);
    permute_result(node);
  }

  /// An axis of a map counted with the batch: 1 channels, 2 rows, 3 columns.
  void turn_axis(ConfigNode& node) {
    const auto axis = node.attributes.find("axis");
    if (axis == node.attributes.end()) return;
    const auto turned = [](std::int64_t old) -> std::int64_t {
      const std::int64_t place = old < 0 ? old + 4 : old;
      return place == 1 ? 3 : place == 2 || place == 3 ? place - 1 : old;
    };
    if (const auto* one = as<std::int64_t>(axis->second)) {
      axis->second = number(turned(*one));
    } else if (AttributeList* axes = list_of(node.attributes, "axis")) {
      for (Attribute& item : *axes) {
        if (const auto* old = as<std::int64_t>(item)) item = number(turned(*old));
      }
    }
  }

  static bool makes_vector(const ConfigNode& node) {
    return node.class_name.rfind("Global", 0) == 0 && !flag_at(node.attributes, "keepdims", false);
  }

  /// Layers to which the last dimension or the order of all matters, whatever holds the channels.
  static bool works_in_order(const ConfigNode& node) {
    // Statistics over several axes are in the order of the axes.
    const Attribute* axis = find(node.attributes, "axis");
    const auto* axes = axis == nullptr ? nullptr : as<AttributeList>(*axis);
    if (node.class_name == "Normalization" && axes != nullptr && axes->size() > 1) return true;
    for (const char* kind :
         {"Dense", "Permute", "PReLU", "LayerNormalization", "RMSNormalization", "UnitNormalization"}) {
      if (node.class_name == kind) return true;
    }
    const bool last_axis = find(node.attributes, "axis") == nullptr;
    if (last_axis && (node.class_name == "Concatenate" || node.class_name == "Softmax")) return true;
    return node.class_name == "Activation" && has_softmax(node);
  }

  /// Operations that pair or change values wherever they stand.
  static bool keeps_places(const ConfigNode& node) {
    static const std::set<std::string> kNames = {
        "add",        "subtract",  "multiply",      "divide",      "maximum",      "minimum",    "negative",
        "power",      "clip",      "relu",          "relu6",       "sigmoid",      "tanh",       "silu",
        "swish",      "softplus",  "exp",           "mish",        "gelu",         "leaky_relu", "elu",
        "selu",       "square",    "sqrt",          "rsqrt",       "absolute",     "identity",   "cast",
        "reciprocal", "soft_sign", "stop_gradient", "log_sigmoid", "hard_sigmoid", "hard_silu",  "hard_tanh"};
    const Attribute *name = find(node.attributes, "operation"), *constant = find(node.attributes, "constant");
    const auto* operation = name == nullptr ? nullptr : as<std::string>(*name);
    // Constants for the last dimension are of the columns.
    const bool of_columns = constant != nullptr && as<AttributeList>(*constant) != nullptr;
    return operation != nullptr && !of_columns && kNames.count(*operation) > 0;
  }

  void turn(ConfigNode& node) {
    const std::size_t rank = rank_of_input(node);
    std::size_t& result = ranks_[node.name];
    result = rank;
    const std::string& kind = node.class_name;
    const bool first = says(node, kFirst);
    if (kind == "InputLayer") {
      AttributeList* shape = list_of(node.attributes, "shape");
      result = shape == nullptr ? 0 : shape->size();
      if (result == 3) std::rotate(shape->begin(), shape->begin() + 1, shape->end());
      return;
    }
    if (kind == "Flatten") {
      // It says channels_first if it puts channels last itself.
      if (rank == 3 && !first) permute_inputs(node);
      node.attributes.erase(kFormat);
      result = 1;
      return;
    }
    if (kind == "Reshape") return turn_reshape(node, rank, result);
    if (kind == "Dot") {
      for (const std::string& input : node.inputs) {
        if (ranks_[input] == 3) fail(node, "this layer on a map");
      }
      result = 1;
      return;
    }
    const auto maps = std::ranges::count_if(node.inputs, [&](const std::string& input) { return ranks_[input] == 3; });
    if (maps > 0 && maps != std::ssize(node.inputs)) fail(node, "a map beside something else");
    if (rank != 3) {
      // What an operation makes of a vector may have any dimensions.
      if (!node.inputs.empty() && rank == 0) fail(node, "what an operation gave other dimensions");
      if (kind == "RepeatVector") result = 2;
      if (kind == "Operation" && !keeps_places(node)) result = 0;
      return;
    }
    if (says(node, kLast)) {
      permute_inputs(node);
      result = makes_vector(node) ? 1 : 3;
      if (result == 3) permute_result(node);
      return;
    }
    if (first) {
      node.attributes.insert_or_assign(kFormat, text("channels_last"));
    } else if (find(node.attributes, kFormat) != nullptr) {
      fail(node, "this data_format");
    }
    if (makes_vector(node)) result = 1;
    if (kind == "Operation" && !keeps_places(node)) fail(node, "this operation on a map");
    if (works_in_order(node)) return keep(node);
    if (has_softmax(node)) fail(node, "softmax over columns");
    turn_axis(node);
  }

  void turn_reshape(ConfigNode& node, std::size_t rank, std::size_t& result) {
    AttributeList* target = list_of(node.attributes, "target_shape");
    if (target == nullptr) return;
    if (rank == 3) permute_inputs(node);
    result = target->size();
    if (result == 3) permute_result(node);
  }

  Architecture& architecture_;
  const std::string& place_;
  std::vector<ConfigNode> added_;
  std::map<std::string, std::size_t> ranks_;  ///< of results by name; 0 = not known
  std::map<std::string, std::string> renamed_;
};

/// What the first layers that state an order say of an input, whatever lies in between and keeps the order.
struct Stated {
  bool first = false, last = false;
};

Stated stated_for(const Architecture& architecture, const std::string& input) {
  std::set<std::string> reached{input};
  Stated stated;
  for (const ConfigNode& node : architecture.nodes) {  // nodes stand behind all that they read
    if (std::ranges::none_of(node.inputs, [&](const std::string& name) { return reached.count(name) > 0; })) continue;
    // Layers that do nothing at inference say either, whatever stands around them, and Flatten says channels_last.
    const bool random = node.class_name.starts_with("Random");
    const bool says_nothing = random || find(node.attributes, kFormat) == nullptr;
    stated.first = stated.first || (!random && says(node, kFirst));
    stated.last = stated.last || (!random && node.class_name != "Flatten" && says(node, kLast));
    const bool keeps_order =
        says_nothing && node.class_name != "Permute" && node.class_name != "Reshape" && node.class_name != "Flatten";
    if (keeps_order) reached.insert(node.name);
  }
  return stated;
}

/// Where the layers do not agree, the sizes may tell: colours, or grey, are few.
Stated by_size(const AttributeList& shape) {
  const auto few = [](const Attribute& dim) {
    const auto* size = as<std::int64_t>(dim);
    return size != nullptr && *size <= 4;
  };
  return {few(shape.front()) && !few(shape.back()), few(shape.back()) && !few(shape.front())};
}

/// True if the model's inputs are channels first, false if they are channels last.
bool has_turned_inputs(const Architecture& architecture, const std::string& place) {
  Stated all;
  for (const ConfigNode& node : architecture.nodes) {
    const Attribute* dims = node.class_name == "InputLayer" ? find(node.attributes, "shape") : nullptr;
    const auto* shape = dims == nullptr ? nullptr : as<AttributeList>(*dims);
    if (shape == nullptr || shape->size() != 3) continue;
    Stated stated = stated_for(architecture, node.name);
    if (stated.first == stated.last) stated = by_size(*shape);
    if (stated.first == stated.last) {
      throw UnsupportedError(place + ": layer '" + printable(node.name) +
                             "' (InputLayer): layers of both data formats read it, and its size does not tell which " +
                             "dimension holds the channels");
    }
    all.first = all.first || stated.first;
    all.last = all.last || stated.last;
  }
  if (all.first && all.last)
    throw UnsupportedError(place + ": inputs of both data formats in one model are not supported");
  return all.first;
}

}  // namespace

bool to_channels_last(Architecture& architecture, const std::string& place, bool keras_1) {
  const bool any = std::any_of(architecture.nodes.begin(), architecture.nodes.end(),
                               [](const ConfigNode& node) { return says(node, kFirst); });
  if (!any) return false;
  if (has_turned_inputs(architecture, place)) {
    Turner(architecture, place).run();
    return true;
  }
  if (keras_1) throw UnsupportedError(place + ": kernels of both orders in a file of Keras 1 are not supported");
  turn_layers(architecture, place);
  return false;
}

}  // namespace fovea::keras
