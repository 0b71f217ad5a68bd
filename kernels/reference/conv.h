// Reference convolution: one output element of one K-block.
#pragma once

#include "kernels/args/conv.h"
#include "kernels/reference/ref.h"

namespace fovea::reference {

/// What conv_f32_c16 writes for `channel` (0 .. out_blocks * 16 - 1) at (row, col), with weight panels of
/// `conv_channels`. Reads the outputs and the residual, so call it before the kernel overwrites them.
Ref conv_f32_c16(const ConvArgs& c, int conv_channels, int channel, int row, int col);

/// The same for conv_f32_planar.
Ref conv_f32_planar(const ConvArgs& c, int conv_channels, int channel, int row, int col);

}  // namespace fovea::reference
