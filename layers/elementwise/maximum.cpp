// Keras Maximum. Source: keras/src/layers/merging/maximum.py.
#include "layers/elementwise/merge.h"

namespace fovea {

std::unique_ptr<Layer> make_maximum(const LayerConfig& config) {
  return make_merge(config.name(), config.class_name(), Pairing::maximum);
}

}  // namespace fovea
