// Reference dense layer: one output element.
#pragma once

#include "kernels/reference/ref.h"

namespace fovea::reference {

/// out[image][unit] of dense_f32.
Ref dense_f32(const Dense& d, int image, int unit);

}  // namespace fovea::reference
