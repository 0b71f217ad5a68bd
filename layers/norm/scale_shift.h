// y = scale * x + shift on the values as they come, one pair for all or one a channel: Rescaling and Normalization.
#pragma once

#include <vector>

#include "layers/layer.h"

namespace fovea {

/// The numbers of an attribute: one number, or a list nested in any way. Empty if absent or null.
std::vector<double> read_numbers(const LayerConfig& config, const std::string& key);

/// Both of one value, or one a channel. It works on the channels-last layout: such layers stand before a network's
/// first convolution, which reads the picture as it is.
std::unique_ptr<Layer> make_scale_shift(const LayerConfig& config, std::vector<double> scale,
                                        std::vector<double> shift);

}  // namespace fovea
