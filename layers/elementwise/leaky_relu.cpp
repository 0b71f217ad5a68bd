// Keras LeakyReLU: x, or its slope times x where x is negative. Source: keras/src/layers/activations/leaky_relu.py.
#include <cmath>

#include <fovea/error.h>
#include "layers/elementwise/activation.h"

namespace fovea {

std::unique_ptr<Layer> make_leaky_relu(const LayerConfig& config) {
  const char* key = config.has("alpha") ? "alpha" : "negative_slope";  // Keras 2, Keras 3
  const double slope = config.number(key, 0.3);
  if (!std::isfinite(slope)) throw Error(config.where(std::string(key) + " is not finite"));
  return make_curve_layer(config.name(), config.class_name(), {.curve = Curve::relu, .b = static_cast<float>(slope)});
}

}  // namespace fovea
