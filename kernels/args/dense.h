// Arguments of dense layers.
#pragma once

#include <cstdint>

#include "kernels/args/common.h"

namespace fovea {

/// Dense layer for up to any number of images: out[i][n] = clamp(sum_k in[i][k] * w[k][n] + bias[n]).
struct DenseArgs {
  const float* in;  ///< image i at in + i * in_stride
  std::int64_t in_stride;
  int images, k;
  int k_block;                  ///< K-block length of the summation order
  const float* weights;         ///< for each K-block [all_blocks][k of the K-block][16]
  int all_blocks;               ///< blocks of 16 outputs that the weights are of
  int first_block, out_blocks;  ///< those computed
  const float* bias;            ///< [out_blocks * 16]
  float* out;                   ///< image i at out + i * out_stride, out_blocks * 16 values
  std::int64_t out_stride;
  Clamp clamp;
};

}  // namespace fovea
