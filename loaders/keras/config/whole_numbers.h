// Models whose inputs are whole numbers (uint8): Keras then computes with whole numbers, which wrap and are cut.
#pragma once

#include <string>

#include "loaders/keras/config/architecture.h"

namespace fovea::keras {

/// True for the name of a type of whole numbers: "uint8", "int32", "bool".
bool is_whole(const std::string& dtype);

/// Throws UnsupportedError("<place>: ...") naming a layer that reads whole numbers and gives something else with them
/// than with the same numbers as reals: uint8 * 2 wraps, an interpolation is cut.
void check_whole_numbers(const Architecture& architecture, bool keras_3, const std::string& place);

}  // namespace fovea::keras
