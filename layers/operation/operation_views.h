// Operations that give values of their input in another order, some of them, or some more than once.
#pragma once

#include <memory>
#include <string>

#include "layers/layer.h"

namespace fovea {

/// The operation `operation`, which `config` says the settings of, if it is such a one; else nullptr.
std::unique_ptr<Layer> make_view_operation(const LayerConfig& config, const std::string& operation);

}  // namespace fovea
