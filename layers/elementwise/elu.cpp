// Keras ELU: alpha * (exp(x) - 1) where x is negative. Source: keras/src/layers/activations/elu.py.
#include <cmath>

#include <fovea/error.h>
#include "layers/elementwise/activation.h"

namespace fovea {

std::unique_ptr<Layer> make_elu(const LayerConfig& config) {
  const double alpha = config.number("alpha", 1);
  if (!std::isfinite(alpha)) throw Error(config.where("alpha is not finite"));
  return make_curve_layer(config.name(), config.class_name(),
                          {.curve = Curve::elu, .a = 1, .b = static_cast<float>(alpha), .c = 1});
}

}  // namespace fovea
