// Operations on one value of each operand: comparisons, choices, logarithms, powers, rounding, logic.
#pragma once

#include <memory>
#include <string>

#include "layers/layer.h"

namespace fovea {

/// The operation `operation` if it is such a one; else nullptr. Of several operands one may be a constant (attributes
/// `constant` and `constant_first`), or `operands` lists all: "tensor" for the next input, or a constant.
std::unique_ptr<Layer> make_value_operation(const LayerConfig& config, const std::string& operation);

}  // namespace fovea
