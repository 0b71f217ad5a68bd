// Convolution kernels as other backends store them.
#pragma once

#include <vector>

#include "layers/layer_config.h"
#include "loaders/keras/architecture.h"

namespace fovea::keras {

/// Brings every weight `kernel` of four dimensions to {height, width, channels, filters}: from {filters, channels,
/// height, width} if `transpose`, and turned around in height and width if `flip`.
void convert_kernels(std::vector<std::vector<Weight>>& weights, bool transpose, bool flip);

/// Keras 1 ran Conv1D as a 2D convolution: its kernels {length, 1, channels, filters} lose their width.
void drop_width_of_rows(const Architecture& architecture, std::vector<std::vector<Weight>>& weights);

}  // namespace fovea::keras
