// Functions of one value that are exactly rounded, or products of them.
#pragma once

#include <memory>
#include <string>

#include "layers/layer.h"

namespace fovea {

/// factor * x^exponent, in double, if the exponent is one of -2, -1, -0.5, 0.5, 3, 4; else nullptr.
std::unique_ptr<Layer> make_power(const std::string& name, const std::string& class_name, double exponent,
                                  double factor);

}  // namespace fovea
