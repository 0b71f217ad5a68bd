// Arguments of the convolutions over lists of runs.
#pragma once

#include <cstdint>

#include "kernels/args/common.h"

namespace fovea {

/// One K-block of a convolution: `rows` x `cols` output pixels, `out_blocks` blocks of 16 output channels.
/// The input of an output pixel is a list of runs: run r starts at in + row * in_row_stride + col * step + runs[r],
/// where a run is 16 consecutive values and step 16 (c16), or one value and step 1 (planar).
struct ConvArgs {
  const float* in;
  const std::int32_t* runs;
  int n_runs;
  std::int64_t in_row_stride;
  const float* weights;               ///< [panel][run][values of the run][ConvKernels::channels]; the last panel may be
                                      ///< half used (out_blocks odd where a panel has two blocks), its rest is zero
  std::int64_t weights_panel_stride;  ///< from one panel to the next
  const float* next_weights;          ///< what the next call begins with, to be fetched ahead; any address
  int rows, cols, out_blocks;
  float* out;  ///< c16: out + block * out_block_stride + row * out_row_stride + col * 16
  std::int64_t out_row_stride, out_block_stride;
  bool first, last;       ///< first: out = [residual +] sum, otherwise out += sum; last: then + bias, then clamp
  const float* residual;  ///< same strides as out, may be out itself; nullptr for none; read when first
  const float* bias;      ///< [out_blocks * 16], read when last
  Clamp clamp;
  int half_runs = 0;  ///< c16: so many runs at the end count with their first 8 values only; the rest is not multiplied
};

}  // namespace fovea
