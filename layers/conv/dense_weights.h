// The weights of dense_f32 as Dense and Dot pack them.
#pragma once

#include <cstdint>

#include "layers/tensor.h"

namespace fovea {

/// Length of one chain of the summation order, a K-block. 256 as in convolutions: short chains round less.
inline constexpr int kDenseBlock = 256;

/// Where output block `block` of `blocks` begins in the K-block that begins with value `begin` and has `rows` values.
inline std::int64_t dense_weights_at(std::int64_t begin, std::int64_t blocks, std::int64_t block, std::int64_t rows) {
  return (begin * blocks + block * rows) * kBlock;
}

}  // namespace fovea
