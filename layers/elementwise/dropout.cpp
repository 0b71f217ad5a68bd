// Layers that only train, nothing at inference: Dropout and its relatives, noise, random changes of pictures,
// stochastic depth. Sources: keras/src/layers/regularization/, keras/src/layers/preprocessing/image_preprocessing/,
// keras/src/applications/convnext.py.
#include "layers/elementwise/activation.h"

namespace fovea {

std::unique_ptr<Layer> make_dropout(const LayerConfig& config) {
  for (const char* key : {"all_ops",
                          "alpha",
                          "brightness_factor",
                          "chain_depth",
                          "contrast_factor",
                          "data_format",
                          "drop_path_rate",
                          "factor",
                          "fill_mode",
                          "fill_value",
                          "height_factor",
                          "hue_factor",
                          "interpolation",
                          "kernel_size",
                          "l1",
                          "l2",
                          "lower",
                          "mode",
                          "noise_shape",
                          "num_chains",
                          "num_ops",
                          "rate",
                          "saturation_factor",
                          "scale",
                          "seed",
                          "sigma",
                          "stddev",
                          "upper",
                          "value_range",
                          "width_factor",
                          "x_factor",
                          "y_factor"}) {
    config.find(key);
  }
  return make_clamp_layer(config, kNoClamp);
}

}  // namespace fovea
