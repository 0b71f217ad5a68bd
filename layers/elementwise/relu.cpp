// Keras ReLU with max_value, negative slope and threshold, and ThresholdedReLU of Keras 2. Sources:
// keras/src/layers/activations/relu.py, keras/layers/activation/thresholded_relu.py of Keras 2.
#include <cmath>

#include <fovea/error.h>
#include "layers/elementwise/activation.h"

namespace fovea {

namespace {

float finite_number(const LayerConfig& config, const char* key, double fallback) {
  const double value = config.number(key, fallback);
  if (!std::isfinite(value)) throw Error(config.where(std::string(key) + " is not finite"));
  return static_cast<float>(value);
}

}  // namespace

std::unique_ptr<Layer> make_relu(const LayerConfig& config) {
  const float slope = finite_number(config, "negative_slope", 0), threshold = finite_number(config, "threshold", 0);
  const double max_value = config.number("max_value", kNoClamp.hi);
  if (!(max_value >= 0)) throw Error(config.where("max_value is negative"));
  const Clamp clamp{0.0f, static_cast<float>(max_value)};
  if (slope == 0 && threshold == 0) return make_clamp_layer(config, clamp);
  // Without max_value Keras does not clamp what a negative threshold lets through.
  const Clamp kept = config.has("max_value") ? clamp : kNoClamp;
  return make_curve_layer(config.name(), config.class_name(),
                          {.curve = Curve::relu, .a = threshold, .b = slope, .clamp = kept});
}

std::unique_ptr<Layer> make_thresholded_relu(const LayerConfig& config) {
  return make_curve_layer(config.name(), config.class_name(),
                          {.curve = Curve::relu, .a = finite_number(config, "theta", 1), .clamp = kNoClamp});
}

}  // namespace fovea
