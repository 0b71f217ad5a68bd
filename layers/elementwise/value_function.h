// A function of one value of each of up to three operands, which are tensors or constants and may repeat along any
// dimension: comparisons, choices, powers, logarithms.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "layers/elementwise/constant.h"
#include "layers/layer.h"

namespace fovea {

/// In double, and deterministic (real_math.h). Operands that are not there are 0.
using ValueFunction = double (*)(double, double, double);

/// The function over its operands in order: the constants, and for each nothing the next of the layer's inputs, which
/// all have as many dimensions.
std::unique_ptr<Layer> make_value_function(const std::string& name, const std::string& class_name,
                                           ValueFunction function, std::vector<std::optional<Constant>> operands);

}  // namespace fovea
