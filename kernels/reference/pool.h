// Reference pooling: one output element.
#pragma once

#include "kernels/args/pool.h"
#include "kernels/reference/ref.h"

namespace fovea::reference {

/// Maximum of the window of (y, x), exact; NaN if the window holds one. Without zero_padding a window must cover at
/// least one cell of the input.
float max_pool_f32_c16(const PoolArgs& p, int y, int x, int lane);

/// Average over the cells of the window that lie inside the input; at least one must.
Ref average_pool_f32_c16(const PoolArgs& p, int y, int x, int lane);

/// Mean over the pixels of one block.
Ref global_average_f32_c16(const float* in, int pixels, int lane);

/// Maximum over the pixels of one block, exact; NaN if there is one.
float global_max_f32_c16(const float* in, int pixels, int lane);

}  // namespace fovea::reference
