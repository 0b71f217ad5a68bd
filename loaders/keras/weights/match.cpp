// Matching of weights. Keras itself goes by order alone; names come first here because they survive more changes, and
// agree with the order whenever file and configuration were written together.
#include "loaders/keras/weights/match.h"

#include <algorithm>
#include <map>
#include <optional>

#include <fovea/error.h>
#include "loaders/hdf5/path.h"
#include "loaders/keras/weights/variables.h"
#include "loaders/printable.h"

namespace fovea::keras {
namespace {

/// Number of the listed layer for each layer of the architecture.
using Assignment = std::vector<std::optional<std::size_t>>;

std::string quoted(const std::string& name) { return "'" + printable(name) + "'"; }

/// "a/b/kernel:0" as {"a", "b", "kernel"}.
std::vector<std::string> components(std::string path) {
  if (const auto colon = path.rfind(':'); colon != std::string::npos && path.find('/', colon) == std::string::npos) {
    path.resize(colon);
  }
  return hdf5::path_components(path);
}

std::string last_component(const std::string& path) {
  const auto parts = components(path);
  return parts.empty() ? path : parts.back();
}

class Matcher {
 public:
  Matcher(const std::vector<ListedLayer>& layers, const Architecture& architecture, const std::string& place)
      : layers_(layers), architecture_(architecture), place_(place), result_(architecture.nodes.size()) {}

  std::vector<std::vector<MatchedWeight>> run() {
    const Assignment assignment = assign();
    for (std::size_t i = 0; i < architecture_.layers.size(); ++i) {
      const ConfigLayer& layer = architecture_.layers[i];
      if (!assignment[i]) {
        if (needed(layer) > 0) fail(layer, "the file has no weights for it");
        continue;
      }
      if (layer.nodes.size() == 1) {
        match_node(layer, *assignment[i]);
      } else {
        match_nested(layer, *assignment[i]);
      }
    }
    for (std::size_t node = 0; node < result_.size(); ++node) drop_unused(node);
    return std::move(result_);
  }

 private:
  void drop_unused(std::size_t node) {
    const auto variables = expected_variables(architecture_.nodes[node]);
    if (!variables) return;
    std::erase_if(result_[node], [&](const MatchedWeight& weight) {
      return std::any_of(variables->begin(), variables->end(),
                         [&](const Variable& variable) { return variable.name == weight.name && !variable.used; });
    });
  }

  [[noreturn]] void fail(const ConfigLayer& layer, const std::string& reason) const {
    throw Error(place_ + ": layer " + quoted(layer.name) + " (" + printable(layer.class_name) + "): " + reason);
  }

  /// How many weights the layer has as far as the table of variables knows.
  std::size_t needed(const ConfigLayer& layer) const {
    std::size_t count = 0;
    for (const std::size_t node : layer.nodes) {
      if (const auto variables = expected_variables(architecture_.nodes[node])) count += variables->size();
    }
    return count;
  }

  Assignment assign() const {
    if (auto found = assign_by_name()) return *found;
    if (auto found = assign_in_order()) return *found;
    std::map<std::string, std::size_t> known;
    for (const auto& layer : architecture_.layers) known.emplace(layer.name, 0);
    for (const auto& layer : layers_) {
      if (!layer.weights.empty() && known.count(layer.name) == 0) {
        throw Error(place_ + ": layer " + quoted(layer.name) + " of the file is not in the model's configuration");
      }
    }
    throw Error(place_ + ": the file's layers are not those of the model's configuration");
  }

  /// Every layer of the file that has weights is one of the architecture, by its name.
  std::optional<Assignment> assign_by_name() const {
    std::map<std::string, std::size_t> index;
    for (std::size_t i = 0; i < architecture_.layers.size(); ++i) index.emplace(architecture_.layers[i].name, i);
    Assignment assignment(architecture_.layers.size());
    for (std::size_t i = 0; i < layers_.size(); ++i) {
      if (layers_[i].weights.empty()) continue;
      const auto found = index.find(layers_[i].name);
      if (found == index.end()) return std::nullopt;
      assignment[found->second] = i;
    }
    return assignment;
  }

  /// The n-th layer with weights is the n-th layer that needs some; if the file lists all layers, also those without,
  /// the n-th is the n-th.
  std::optional<Assignment> assign_in_order() const {
    std::vector<std::size_t> wanting;
    for (std::size_t i = 0; i < architecture_.layers.size(); ++i) {
      if (needed(architecture_.layers[i]) > 0) wanting.push_back(i);
    }
    std::vector<std::size_t> having;
    for (std::size_t i = 0; i < layers_.size(); ++i) {
      if (!layers_[i].weights.empty()) having.push_back(i);
    }
    Assignment assignment(architecture_.layers.size());
    if (wanting.size() == having.size()) {
      for (std::size_t n = 0; n < having.size(); ++n) assignment[wanting[n]] = having[n];
      return assignment;
    }
    if (layers_.size() == architecture_.layers.size()) {
      for (const std::size_t i : having) assignment[i] = i;
      return assignment;
    }
    return std::nullopt;
  }

  /// A layer of its own: Keras' names if the file has them, else the table's names in its order.
  void match_node(const ConfigLayer& layer, std::size_t number) {
    const std::size_t node = layer.nodes.front();
    const auto& weights = layers_[number].weights;
    auto& matched = result_[node];
    std::vector<std::string> names;
    for (const auto& weight : weights) names.push_back(last_component(weight));
    const auto variables = expected_variables(architecture_.nodes[node]);
    if (!variables) {
      for (std::size_t i = 0; i < names.size(); ++i) matched.push_back({number, i, names[i]});
      return;
    }
    if (variables->size() != weights.size()) fail(layer, counts(weights.size(), *variables));
    const bool named = std::all_of(variables->begin(), variables->end(), [&](const Variable& variable) {
      return std::count(names.begin(), names.end(), variable.name) == 1;
    });
    for (std::size_t v = 0; v < variables->size(); ++v) {
      const std::string& name = (*variables)[v].name;
      const auto at = named ? std::find(names.begin(), names.end(), name) - names.begin() : std::ptrdiff_t(v);
      matched.push_back({number, static_cast<std::size_t>(at), name});
    }
  }

  static std::string counts(std::size_t stored, const std::vector<Variable>& variables) {
    std::string text = "the file has " + std::to_string(stored) + " weights for it, the configuration needs " +
                       std::to_string(variables.size()) + ":";
    for (const auto& variable : variables) text += " " + variable.name;
    return text;
  }

  /// A nested model: one flat list for all its layers.
  void match_nested(const ConfigLayer& layer, std::size_t number) {
    if (!match_nested_by_name(layer, number)) match_nested_in_order(layer, number);
  }

  /// By "layer/variable" at the end of each name, if that finds each weight of each layer exactly once.
  bool match_nested_by_name(const ConfigLayer& layer, std::size_t number) {
    std::map<std::string, std::vector<std::size_t>> nodes;
    for (const std::size_t node : layer.nodes) nodes[architecture_.nodes[node].own_name].push_back(node);
    std::map<std::size_t, std::map<std::string, std::size_t>> found;
    const auto& weights = layers_[number].weights;
    for (std::size_t i = 0; i < weights.size(); ++i) {
      const auto parts = components(weights[i]);
      if (parts.size() < 2) return false;
      const auto owner = nodes.find(parts[parts.size() - 2]);
      if (owner == nodes.end() || owner->second.size() != 1) return false;
      if (!found[owner->second.front()].emplace(parts.back(), i).second) return false;
    }
    for (const std::size_t node : layer.nodes) {
      const auto variables = expected_variables(architecture_.nodes[node]);
      const auto& own = found[node];
      if (!variables) continue;
      if (own.size() != variables->size()) return false;
      for (const auto& variable : *variables) {
        if (own.count(variable.name) == 0) return false;
      }
    }
    for (const std::size_t node : layer.nodes) {
      // By number is the file's order, which within one layer is Keras'.
      std::vector<MatchedWeight> own;
      for (const auto& [name, i] : found[node]) own.push_back({number, i, name});
      std::sort(own.begin(), own.end(), [](const auto& a, const auto& b) { return a.weight < b.weight; });
      result_[node] = std::move(own);
    }
    return true;
  }

  /// As Keras writes it: the trainable variables of all layers, then all others, each in the order of the layers.
  void match_nested_in_order(const ConfigLayer& layer, std::size_t number) {
    const std::size_t stored = layers_[number].weights.size();
    if (stored != needed(layer)) {
      fail(layer, "the file has " + std::to_string(stored) +
                      " weights for this nested model, the configuration needs " + std::to_string(needed(layer)));
    }
    std::size_t next = 0;
    for (const bool trainable : {true, false}) {
      for (const std::size_t node : layer.nodes) {
        const auto variables = expected_variables(architecture_.nodes[node]);
        if (!variables) continue;
        for (const auto& variable : *variables) {
          const bool is_trainable = variable.trainable && architecture_.nodes[node].trainable;
          if (is_trainable == trainable) result_[node].push_back({number, next++, variable.name});
        }
      }
    }
  }

  const std::vector<ListedLayer>& layers_;
  const Architecture& architecture_;
  const std::string& place_;
  std::vector<std::vector<MatchedWeight>> result_;
};

}  // namespace

std::vector<std::vector<MatchedWeight>> match_weights(const std::vector<ListedLayer>& layers,
                                                      const Architecture& architecture, const std::string& place) {
  return Matcher(layers, architecture, place).run();
}

}  // namespace fovea::keras
