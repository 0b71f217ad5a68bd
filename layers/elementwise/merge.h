// Layers that pair their inputs element by element: Add, Subtract, Multiply, Average, Maximum, Minimum.
#pragma once

#include "layers/layer.h"

namespace fovea {

/// Two inputs or more (Subtract: exactly two), paired from left to right. Each has the shape of the result, or one
/// value for each channel ({1, 1, C} or {C}), for each pixel ({H, W, 1}) or for all, or repeats along any dimensions
/// (slower). `average`: the result divided by the number of inputs.
std::unique_ptr<Layer> make_merge(const std::string& name, const std::string& class_name, Pairing pairing,
                                  bool average = false);

}  // namespace fovea
