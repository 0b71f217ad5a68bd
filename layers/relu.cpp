// Keras ReLU with max_value; slopes and thresholds are other functions and are refused by name.
// Source: keras/src/layers/activations/relu.py.
#include "layers/activation.h"
#include "layers/error.h"

namespace fovea {

std::unique_ptr<Layer> make_relu(const LayerConfig& config) {
  for (const char* key : {"negative_slope", "threshold"}) {
    if (config.number(key, 0) != 0)
      throw UnsupportedError(config.where(std::string(key) + " other than 0 is not supported"));
  }
  const double max_value = config.number("max_value", kNoClamp.hi);
  if (!(max_value >= 0)) throw Error(config.where("max_value is negative"));
  return make_clamp_layer(config, {0.0f, static_cast<float>(max_value)});
}

}  // namespace fovea
