// Arguments of normalisation.
#pragma once

#include <cstdint>

namespace fovea {

/// Normalisation of each pixel over its channels, c16: out = (x - m) / sqrt(max(s / divisor + epsilon, smallest)) *
/// scale + shift, where m is the mean or 0 and s the sum of (x - m)^2. In and out may be the same; lanes past
/// `channels` become shift.
struct ChannelNormArgs {
  const float* in;
  float* out;
  int channels, pixels;
  std::int64_t block_stride;
  bool centre;
  float divisor, epsilon, smallest;
  const float *scale, *shift;  ///< [blocks * 16]
};

}  // namespace fovea
