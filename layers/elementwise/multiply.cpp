// Keras Multiply. Source: keras/src/layers/merging/multiply.py.
#include "layers/elementwise/merge.h"

namespace fovea {

std::unique_ptr<Layer> make_multiply(const LayerConfig& config) {
  return make_merge(config.name(), config.class_name(), Pairing::multiply);
}

}  // namespace fovea
