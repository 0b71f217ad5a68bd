// The registry: one line a layer, read from registry.def.
#include "layers/registry.h"

#include <algorithm>

namespace fovea {

#define FOVEA_LAYER_IN(keras, maker, file) std::unique_ptr<Layer> make_##maker(const LayerConfig& config);
#define FOVEA_LAYER(keras, file) FOVEA_LAYER_IN(keras, file, file)
#include "layers/registry.def"
#undef FOVEA_LAYER_IN

namespace {

struct Entry {
  const char* keras;
  std::unique_ptr<Layer> (*make)(const LayerConfig&);
};

constexpr Entry kEntries[] = {
#define FOVEA_LAYER_IN(keras, maker, file) {#keras, make_##maker},
#include "layers/registry.def"
#undef FOVEA_LAYER_IN
#undef FOVEA_LAYER
};

}  // namespace

std::unique_ptr<Layer> make_layer(const LayerConfig& config) {
  const auto* entry = std::find_if(std::begin(kEntries), std::end(kEntries),
                                   [&](const Entry& e) { return config.class_name() == e.keras; });
  if (entry == std::end(kEntries)) return nullptr;
  std::unique_ptr<Layer> layer = entry->make(config);
  config.check_all_read();
  return layer;
}

std::vector<std::string> layer_classes() {
  std::vector<std::string> names;
  for (const Entry& entry : kEntries) names.emplace_back(entry.keras);
  std::sort(names.begin(), names.end());
  return names;
}

}  // namespace fovea
