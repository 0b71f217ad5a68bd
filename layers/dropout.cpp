// Keras Dropout: nothing at inference. Source: keras/src/layers/regularization/dropout.py.
#include "layers/activation.h"

namespace fovea {

std::unique_ptr<Layer> make_dropout(const LayerConfig& config) {
  for (const char* key : {"rate", "seed", "noise_shape"}) config.find(key);
  return make_clamp_layer(config, kNoClamp);
}

}  // namespace fovea
