// What a legacy Keras group of weights lists, and whether it lists all it holds.
#include <algorithm>
#include <set>

#include "loaders/keras/weights/weights.h"
#include "loaders/printable.h"

namespace fovea::keras {
namespace {

constexpr std::size_t kMostLayers = 20'000;
constexpr const char* kTopLevel = "top_level_model_weights";

/// "a//b/" as "a/b".
std::string normalised(const std::string& path) {
  std::string result;
  for (std::size_t begin = 0; begin < path.size();) {
    const std::size_t end = std::min(path.find('/', begin), path.size());
    if (end > begin) result += (result.empty() ? "" : "/") + path.substr(begin, end - begin);
    begin = end + 1;
  }
  return result;
}

/// A layer's name may contain '/', so that one layer's group may lie within another's: true if one of `names` that is
/// longer than `own` leads to `path`.
bool in_longer_name(const std::string& path, const std::string& own, const std::set<std::string>& names) {
  for (std::size_t end = path.find('/', own.size() + 1); end != std::string::npos; end = path.find('/', end + 1)) {
    if (names.count(path.substr(0, end)) > 0) return true;
  }
  return false;
}

void check_all_listed(const ListedLayer& layer, const hdf5::Group& group, const std::set<std::string>& names) {
  std::set<std::string> listed;
  for (const auto& name : layer.weights) listed.insert(normalised(name));
  const std::string own = normalised(layer.name);
  for (const auto& path : group.datasets()) {
    if (listed.count(path) > 0 || in_longer_name(own + "/" + path, own, names)) continue;
    group.file().fail(group.place() + "/" + path, "an extra tensor: the layer's 'weight_names' does not list it");
  }
}

}  // namespace

FileLayers list_layers(const hdf5::Group& group) {
  const auto names = group.texts("layer_names");
  if (names.size() > kMostLayers) group.file().fail(group.place(), "lists too many layers");
  FileLayers layers;
  std::set<std::string> heads{kTopLevel};
  std::set<std::string> paths;
  for (const auto& name : names) {
    const std::string path = normalised(name);
    if (!paths.insert(path).second) group.file().fail(group.place(), "lists the layer '" + printable(name) + "' twice");
    hdf5::Group own = group.group(name);
    auto weights = own.texts("weight_names");
    heads.insert(path.substr(0, path.find('/')));
    layers.listed.push_back({name, std::move(weights)});
    layers.groups.push_back(std::move(own));
  }
  for (std::size_t i = 0; i < layers.listed.size(); ++i) check_all_listed(layers.listed[i], layers.groups[i], paths);
  for (const auto& link : group.links()) {
    if (heads.count(link) > 0 && link != kTopLevel) continue;
    const auto extra = group.group(link).datasets();
    if (extra.empty()) continue;
    group.file().fail(group.place().empty() ? link : group.place() + "/" + link,
                      link == kTopLevel ? "weights of the model itself are not supported"
                                        : "an extra layer: 'layer_names' does not list it");
  }
  return layers;
}

}  // namespace fovea::keras
