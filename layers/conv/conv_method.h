// The ways to compute a convolution: each an operation, made once at load for one shape.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "base/aligned.h"
#include "layers/layer.h"
#include "layers/pixel_conv.h"
#include "layers/window.h"

namespace fovea {

/// Shapes of a convolution, as its layer has worked them out.
struct ConvGeometry {
  const KernelTable& kernels;
  TensorDesc in, out;
  WindowAxis y, x;
  std::int64_t pad_top, pad_left;
};

/// Weights in Keras' order {kh, kw, in, out} and the factor of each output channel that is folded into them.
struct ConvWeights {
  const Weight& kernel;
  const std::vector<double>& scale;
};

/// What follows the sum.
struct ConvEpilogue {
  AlignedFloats bias;  ///< [out blocks * 16]
  Clamp clamp = kNoClamp;
  bool residual = false;  ///< the second input of the run is added
};

/// All that makes the operation of a convolution.
struct ConvSpec {
  ConvGeometry geometry;
  ConvWeights weights;
  ConvEpilogue epilogue;
  OpReport report = {};  ///< what the layer knows of it; the method adds the kernel and the bytes
};

/// Threads share pieces of output; no sum is ever shared, so results do not depend on the cut. Only what is 1x1, of
/// stride 1 and without padding may be run in parts. Over one pixel, without a residual, it has gradients.
std::unique_ptr<PixelConv> make_direct_conv(ConvSpec spec, Packer& packer);
/// Of a c16 input, whose channels and those of the output `groups` divides; the kernel is {kh, kw, in / groups, out}.
std::unique_ptr<Op> make_grouped_conv(std::int64_t groups, ConvSpec spec, Packer& packer);
/// F(tile x tile, 3x3) with tile 4 or 2, for a 3x3 kernel of stride and dilation 1 over a c16 input.
std::unique_ptr<Op> make_winograd_conv(int tile, ConvSpec spec, Packer& packer);

}  // namespace fovea
