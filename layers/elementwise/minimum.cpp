// Keras Minimum. Source: keras/src/layers/merging/minimum.py.
#include "layers/elementwise/merge.h"

namespace fovea {

std::unique_ptr<Layer> make_minimum(const LayerConfig& config) {
  return make_merge(config.name(), config.class_name(), Pairing::minimum);
}

}  // namespace fovea
