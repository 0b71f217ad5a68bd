// Layers on rows {length, channels}, run by layers on maps {1, length, channels}.
#pragma once

#include <memory>
#include <string>

#include "layers/layer.h"

namespace fovea {

/// `inner` on inputs and results that have one dimension less than it knows, the height. In memory both are the same.
/// `sums`: a sum after it may become a part of it, which rounds in another order than a sum of its own.
std::unique_ptr<Layer> make_row_layer(const std::string& name, const std::string& class_name,
                                      std::unique_ptr<Layer> inner, bool sums = true);

}  // namespace fovea
