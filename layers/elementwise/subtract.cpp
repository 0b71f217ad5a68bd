// Keras Subtract. Source: keras/src/layers/merging/subtract.py.
#include "layers/elementwise/merge.h"

namespace fovea {

std::unique_ptr<Layer> make_subtract(const LayerConfig& config) {
  return make_merge(config.name(), config.class_name(), Pairing::subtract);
}

}  // namespace fovea
