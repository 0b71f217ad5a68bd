// Reference depthwise convolution.
#pragma once

#include "kernels/args/depthwise.h"
#include "kernels/reference/ref.h"

namespace fovea::reference {

/// Lane `lane` of output pixel (y, x).
Ref depthwise_f32_c16(const DepthwiseArgs& d, int y, int x, int lane);

}  // namespace fovea::reference
