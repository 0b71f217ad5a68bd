// Which weights of a file belong to which layer of an architecture: by name, else in order. Reads no data.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "loaders/keras/config/architecture.h"

namespace fovea::keras {

/// What a file lists for one layer.
struct ListedLayer {
  std::string name;
  std::vector<std::string> weights;  ///< as in `weight_names`
};

/// One tensor of a node: number `weight` of `layers[layer]`, to be called `name`.
struct MatchedWeight {
  std::size_t layer = 0;
  std::size_t weight = 0;
  std::string name;
};

/// For each node of `architecture` its weights, in Keras' order. Throws Error("<place>: ...") if a layer or a weight is
/// missing or left over.
std::vector<std::vector<MatchedWeight>> match_weights(const std::vector<ListedLayer>& layers,
                                                      const Architecture& architecture, const std::string& place);

}  // namespace fovea::keras
