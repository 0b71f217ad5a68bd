// Arguments of softmax.
#pragma once

#include <cstdint>

namespace fovea {

/// Softmax over channels of `pixels` pixels, c16; in and out may be the same. Lanes past `channels` become zero, or
/// with `log`, the logarithms of the same, finite.
struct SoftmaxArgs {
  const float* in;
  float* out;
  int channels, pixels;
  std::int64_t block_stride;
  bool log = false;
};

}  // namespace fovea
