// Arguments of interpolation in feature maps.
#pragma once

#include <cstdint>

namespace fovea {

/// Output rows y_begin .. y_end - 1 of interpolation in one c16 block: pixel (y, x) is the sum over taps_y x taps_x
/// input pixels, row first_y[y] + j and column first_x[x] + i, each cut off to the input, of weight_y * weight_x.
struct ResampleArgs {
  const float* in;  ///< [h][w][16]
  int h, w;
  float* out;  ///< [out_h][out_w][16]
  int out_w, y_begin, y_end;
  int taps_y, taps_x;
  const std::int32_t *first_y, *first_x;  ///< may be negative
  const float *weights_y, *weights_x;     ///< [out][taps]
};

}  // namespace fovea
