// Arguments of the depthwise convolution.
#pragma once

#include "kernels/args/common.h"

namespace fovea {

/// Depthwise convolution of one c16 block, output rows y_begin .. y_end - 1: out = clamp(sum over taps of in * weight +
/// bias), lane by lane. Taps outside the input are left out.
struct DepthwiseArgs {
  const float* in;  ///< [h][w][16]
  int h, w;
  const float* weights;  ///< [kh][kw][16]
  const float* bias;     ///< [16]
  float* out;            ///< [out_h][out_w][16]
  int out_w, y_begin, y_end;
  int kh, kw, stride_h, stride_w, dilation_h, dilation_w, pad_top, pad_left;
  Clamp clamp;
};

}  // namespace fovea
