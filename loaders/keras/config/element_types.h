// Whole numbers and truth values between operations: fovea computes all in float, which is the same where nothing wraps
// and nothing is divided as whole numbers are.
#pragma once

#include <string>

#include "loaders/keras/config/architecture.h"

namespace fovea::keras {

/// Follows the types of results from comparisons, places and casts on, and makes casts between them what they are.
/// Throws UnsupportedError("<place>: layer ...") where Keras would compute otherwise: numbers of 8 or 16 bits, which
/// wrap, sums of truth values, and means of whole numbers before Keras 3.
void check_element_types(Architecture& architecture, bool keras_3, const std::string& place);

}  // namespace fovea::keras
