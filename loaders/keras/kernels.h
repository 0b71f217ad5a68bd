// Convolution kernels as other backends store them.
#pragma once

#include <vector>

#include "layers/layer_config.h"

namespace fovea::keras {

/// Brings every weight `kernel` of four dimensions to {height, width, channels, filters}: from {filters, channels,
/// height, width} if `transpose`, and turned around in height and width if `flip`.
void convert_kernels(std::vector<std::vector<Weight>>& weights, bool transpose, bool flip);

}  // namespace fovea::keras
