// Keras' saving_lib.py, read.
#include "loaders/keras/weights/saved_state.h"

#include <algorithm>
#include <set>

#include "loaders/hdf5/path.h"
#include "loaders/keras/weights/old_places.h"
#include "loaders/keras/weights/variables.h"
#include "loaders/keras/weights/weights.h"
#include "loaders/printable.h"

namespace fovea::keras {
namespace {

constexpr const char* kLayers = "layers";
constexpr const char* kVariables = "vars";

/// The state of a random number generator: of layers that only train.
bool is_generator(const std::string& path) {
  const auto parts = hdf5::path_components(path);
  return std::any_of(parts.begin(), parts.end(),
                     [](const std::string& part) { return part == "seed_generator" || part == "_random_generator"; });
}

/// Keras 2.12 and 2.13 on Windows saved one group "layers\\dense" for "dense" within "layers".
std::string with_slashes(std::string path) {
  std::ranges::replace(path, '\\', '/');
  return path;
}

bool names_layers(const std::string& part) { return part == kLayers || part == kOldLayers; }

/// True for groups at the top that hold layers.
bool holds_layers(const std::string& top) {
  return names_layers(with_slashes(top).substr(0, top.find_first_of("/\\")));
}

/// The part of "layers/functional/layers/conv2d/vars/0" that leads to a layer or a model within it: all but "vars/0".
std::size_t parts_of_owner(const std::vector<std::string>& parts) {
  std::size_t count = 0;
  while (count + 1 < parts.size() && names_layers(parts[count])) count += 2;
  return count;
}

std::string joined(const std::vector<std::string>& parts, std::size_t count) {
  std::string path;
  for (std::size_t i = 0; i < count; ++i) path += (i == 0 ? "" : "/") + parts[i];
  return path;
}

/// Takes out what a model within the model has of its own training: its optimizer, its metrics, its losses. A model of
/// Keras' own computes with its layers alone.
void drop_training(const Architecture& architecture, std::set<std::string>& tensors) {
  std::set<std::string> models;
  const auto note_models = [&](const std::string& path) {
    const auto parts = hdf5::path_components(path);
    for (std::size_t count = parts_of_owner(parts); count > 2; count -= 2) models.insert(joined(parts, count - 2));
  };
  for (const auto& node : architecture.nodes) note_models(node.saved_at);
  for (const auto& tensor : tensors) note_models(tensor);
  std::erase_if(tensors, [&](const std::string& tensor) {
    const auto parts = hdf5::path_components(tensor);
    const std::size_t owner = parts_of_owner(parts);
    return owner < parts.size() && parts[owner] != kVariables && models.count(joined(parts, owner)) > 0;
  });
}

class Reader {
 public:
  Reader(const hdf5::Group& root, const Architecture& architecture)
      : root_(root), architecture_(architecture), tensors_(architecture.nodes.size()) {
    if (root.has(kVariables) && !root.group(kVariables).links().empty()) {
      root.file().fail(kVariables, "weights of the model itself are not supported");
    }
    for (const auto& top : root.links()) {
      if (!holds_layers(top)) continue;
      for (const auto& path : root.group(top).datasets()) {
        const std::string stored = top + "/" + path, whole = with_slashes(stored);
        if (is_generator(whole)) continue;
        all_.insert(whole);
        if (stored != whole) stored_[whole] = stored;
      }
    }
    drop_training(architecture, all_);
    unread_ = all_;
    old_places_ = old_places(all_, architecture);
    const bool by_name = std::any_of(architecture.nodes.begin(), architecture.nodes.end(), [](const ConfigNode& node) {
      return node.saved_at.empty() && expected_variables(node).has_value();
    });
    if (by_name) places_ = saved_places(root);
  }

  std::vector<std::vector<Weight>> run() {
    for (std::size_t i = 0; i < architecture_.nodes.size(); ++i) {
      if (!architecture_.nodes[i].shares) find(architecture_.nodes[i], tensors_[i]);
    }
    // A layer may keep variables in parts of it; whether it may is for the layer to say.
    for (std::size_t i = 0; i < architecture_.nodes.size(); ++i) {
      if (!architecture_.nodes[i].shares) find_rest(architecture_.nodes[i], tensors_[i]);
      drop_unused(architecture_.nodes[i], tensors_[i]);
    }
    if (!unread_.empty()) root_.file().fail(*unread_.begin(), "an extra tensor: no layer of the model is saved there");
    return read_tensors(root_.file(), architecture_, tensors_);
  }

 private:
  [[noreturn]] void fail(const ConfigNode& node, const std::string& reason) const {
    root_.file().fail("layer '" + printable(node.name) + "' (" + printable(node.class_name) + ")", reason);
  }

  /// Where the node is saved; "" = nowhere.
  std::string place(const ConfigNode& node) const {
    if (node.saved_at.empty()) {
      const auto found = places_.find(node.name);
      return found == places_.end() ? "" : found->second;
    }
    const auto old = old_places_.find(node.saved_at);
    return old == old_places_.end() || holds(node.saved_at) ? node.saved_at : old->second;
  }

  std::string stored(const std::string& path) const {
    const auto found = stored_.find(path);
    return found == stored_.end() ? path : found->second;
  }

  bool holds(const std::string& place) const {
    const auto first = all_.lower_bound(place + "/");
    return first != all_.end() && first->rfind(place + "/", 0) == 0;
  }

  /// The variables of a node, numbered as Keras numbers them.
  void find(const ConfigNode& node, std::vector<StoredTensor>& tensors) {
    const std::string variables_at = place(node) + "/" + kVariables + "/";
    const auto expected = expected_variables(node);
    while (true) {
      const std::size_t number = tensors.size();
      const std::string path = variables_at + std::to_string(number);
      if (all_.count(path) == 0) break;
      unread_.erase(path);
      const bool known = expected && number < expected->size();
      tensors.push_back({&root_, stored(path), known ? (*expected)[number].name : std::to_string(number)});
    }
    if (!expected || tensors.size() == expected->size()) return;
    std::string names;
    for (const auto& variable : *expected) names += " " + variable.name;
    fail(node, "the file has " + std::to_string(tensors.size()) + " weights for it at '" + printable(place(node)) +
                   "', the configuration needs " + std::to_string(expected->size()) + ":" + names);
  }

  void find_rest(const ConfigNode& node, std::vector<StoredTensor>& tensors) {
    if (expected_variables(node)) return;
    const std::string inside = place(node) + "/";
    auto next = unread_.lower_bound(inside);
    while (inside.size() > 1 && next != unread_.end() && next->rfind(inside, 0) == 0) {
      tensors.push_back({&root_, stored(*next), next->substr(inside.size())});
      next = unread_.erase(next);
    }
  }

  static void drop_unused(const ConfigNode& node, std::vector<StoredTensor>& tensors) {
    const auto expected = expected_variables(node);
    for (std::size_t i = expected ? tensors.size() : 0; i-- > 0;) {
      if (!(*expected)[i].used) tensors.erase(tensors.begin() + static_cast<std::ptrdiff_t>(i));
    }
  }

  const hdf5::Group& root_;
  const Architecture& architecture_;
  std::vector<std::vector<StoredTensor>> tensors_;
  std::set<std::string> all_, unread_;             ///< paths of tensors
  std::map<std::string, std::string> stored_;      ///< what the file has in place of such a path, where that differs
  std::map<std::string, std::string> places_;      ///< by name
  std::map<std::string, std::string> old_places_;  ///< of Keras 2.12 and 2.13
};

}  // namespace

bool is_saved_state(const hdf5::Group& root) { return std::ranges::any_of(root.links(), holds_layers); }

std::map<std::string, std::string> saved_places(const hdf5::Group& root) {
  std::map<std::string, std::string> places;
  if (!root.has(kLayers)) return places;
  const hdf5::Group layers = root.group(kLayers);
  for (const auto& link : layers.links()) {
    const std::string place = std::string(kLayers) + "/" + link;
    const hdf5::Group layer = layers.group(link);
    if (!layer.has(kVariables)) continue;
    const hdf5::Group variables = layer.group(kVariables);
    if (!variables.has_attribute("name")) continue;
    const std::string name = variables.text("name");
    if (!places.emplace(name, place).second)
      root.file().fail(place, "the name '" + printable(name) + "' is used twice");
  }
  return places;
}

std::vector<std::vector<Weight>> read_saved_state(const hdf5::Group& root, const Architecture& architecture) {
  return Reader(root, architecture).run();
}

}  // namespace fovea::keras
