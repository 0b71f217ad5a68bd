// Layers that pair their inputs element by element: Subtract, Multiply, Maximum, Minimum.
#pragma once

#include "layers/layer.h"

namespace fovea {

/// Two inputs of one shape or more (Subtract: exactly two), paired from left to right. Multiply also takes one factor a
/// channel, {1, 1, C} beside {H, W, C}, on either side of two inputs: squeeze-and-excite.
std::unique_ptr<Layer> make_merge(const LayerConfig& config, Pairing pairing);

}  // namespace fovea
