// Keras Average of two or more inputs. Source: keras/src/layers/merging/average.py.
#include "layers/elementwise/merge.h"

namespace fovea {

std::unique_ptr<Layer> make_average(const LayerConfig& config) {
  return make_merge(config.name(), config.class_name(), Pairing::add, true);
}

}  // namespace fovea
