// Those versions walk over `_layer_checkpoint_dependencies`, where a layer with weights comes twice and is counted
// twice: the second Conv2D is conv2d_2, after a pooling without weights in between nothing is. What stays is the order,
// so the n-th saved group of a class belongs to the n-th layer of that class that has weights.
#include "loaders/keras/weights/old_places.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "loaders/hdf5/path.h"
#include "loaders/keras/weights/variables.h"

namespace fovea::keras {
namespace {

/// "conv2d_12" as ("conv2d", 12); the first of a class has no number.
using Numbered = std::pair<std::string, long>;
Numbered numbered(const std::string& name) {
  constexpr std::size_t kMostDigits = 9;
  const std::size_t end = name.find_last_not_of("0123456789");
  const std::size_t digits = end == std::string::npos ? 0 : name.size() - end - 1;
  if (digits == 0 || digits > kMostDigits || name[end] != '_') return {name, 0};
  return {name.substr(0, end), std::stol(name.substr(end + 1))};
}

/// Names of the groups within each group "a/x/a/y" of paths in which every second part is `between`.
using Children = std::map<std::string, std::map<std::string, std::set<std::pair<long, std::string>>>>;
void add(const std::string& path, const std::string& between, Children& children) {
  const auto parts = hdf5::path_components(path);
  std::string place;
  for (std::size_t i = 0; i + 1 < parts.size() && parts[i] == between; i += 2) {
    const auto [stem, number] = numbered(parts[i + 1]);
    children[place][stem].emplace(number, parts[i + 1]);
    place += (place.empty() ? "" : "/") + parts[i] + "/" + parts[i + 1];
  }
}

}  // namespace

std::map<std::string, std::string> old_places(const std::set<std::string>& tensors, const Architecture& architecture) {
  Children saved, wanted;
  for (const auto& tensor : tensors) add(tensor, kOldLayers, saved);
  for (const auto& node : architecture.nodes) {
    const auto variables = expected_variables(node);
    if (variables && !variables->empty() && !node.shares) add(node.saved_at, "layers", wanted);
  }
  // Groups before those within them: their places are longer.
  std::map<std::string, std::string> places{{"", ""}};
  for (const auto& [parent, classes] : wanted) {
    const auto known = places.find(parent);
    if (known == places.end()) continue;
    const std::string from = parent.empty() ? "" : parent + "/";
    const std::string to = known->second.empty() ? "" : known->second + "/";
    for (const auto& [stem, layers] : classes) {
      const auto& groups = saved[known->second][stem];
      if (groups.size() != layers.size()) continue;
      auto group = groups.begin();
      for (const auto& layer : layers) {
        places.emplace(from + "layers/" + layer.second, to + kOldLayers + "/" + group->second);
        ++group;
      }
    }
  }
  return places;
}

}  // namespace fovea::keras
