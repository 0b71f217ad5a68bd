// Settings that give a layer other weights than those it is known by.
#pragma once

#include <string>

#include "loaders/keras/config/architecture.h"

namespace fovea::keras {

/// Throws UnsupportedError("<place>: ...") naming a layer that is quantised, has LoRA's matrices, renormalises, or the
/// like, before its weights are found to be too many.
void check_settings(const Architecture& architecture, const std::string& place);

}  // namespace fovea::keras
