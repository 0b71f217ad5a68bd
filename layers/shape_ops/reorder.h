// A layer of the engine's own: changes the layout of its input, not its values.
#pragma once

#include <memory>
#include <string>

#include "layers/layer.h"

namespace fovea {

/// nhwc to c16 if `to` is c16, the reverse otherwise.
std::unique_ptr<Layer> make_reorder(const std::string& name, Layout to);

}  // namespace fovea
