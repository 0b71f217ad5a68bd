// Layers that only train, nothing at inference: Dropout and its relatives, noise, random changes of pictures,
// stochastic depth. Sources: keras/src/layers/regularization/, keras/src/layers/preprocessing/image_preprocessing/,
// keras/src/applications/convnext.py.
#include "layers/activation.h"

namespace fovea {

std::unique_ptr<Layer> make_dropout(const LayerConfig& config) {
  for (const char* key : {"rate", "seed", "noise_shape", "stddev", "l1", "l2", "drop_path_rate", "factor",
                          "height_factor", "width_factor", "lower", "upper", "mode", "value_range", "fill_mode",
                          "fill_value", "interpolation", "data_format"}) {
    config.find(key);
  }
  return make_clamp_layer(config, kNoClamp);
}

}  // namespace fovea
