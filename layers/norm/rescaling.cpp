// Keras Rescaling: x * scale + offset. Source: keras/src/layers/preprocessing/rescaling.py.
#include <fovea/error.h>
#include "layers/norm/scale_shift.h"

namespace fovea {

std::unique_ptr<Layer> make_rescaling(const LayerConfig& config) {
  std::vector<double> scale = read_numbers(config, "scale"), offset = read_numbers(config, "offset");
  if (scale.empty()) throw Error(config.where("attribute 'scale' is missing"));
  if (offset.empty()) offset = {0.0};
  return make_scale_shift(config, std::move(scale), std::move(offset));
}

}  // namespace fovea
