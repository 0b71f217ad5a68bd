// Reference dense layer: one output element.
#pragma once

#include "kernels/args/dense.h"
#include "kernels/reference/ref.h"

namespace fovea::reference {

/// out[image][unit] of dense_f32.
Ref dense_f32(const DenseArgs& d, int image, int unit);

}  // namespace fovea::reference
