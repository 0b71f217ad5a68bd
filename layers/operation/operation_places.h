// Operations that put values at other places by rules that sizes and strides cannot say: padding, taking by indices.
#pragma once

#include <memory>
#include <string>

#include "layers/layer.h"

namespace fovea {

/// The operation `operation` if it is such a one; else nullptr.
std::unique_ptr<Layer> make_place_operation(const LayerConfig& config, const std::string& operation);

}  // namespace fovea
