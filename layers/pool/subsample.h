// A layer of the engine's own: takes every n-th row and column of its input.
#pragma once

#include <memory>
#include <string>

#include "layers/layer.h"

namespace fovea {

std::unique_ptr<Layer> make_subsample(const std::string& name, std::int64_t stride);

}  // namespace fovea
