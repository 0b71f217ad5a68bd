// How activations lie in memory: layout and element type, per image.
#pragma once

#include <cstdint>

#include <fovea/shape.h>
#include "kernels/args/common.h"

namespace fovea {

/// nhwc: [H][W][C]. c16: [C/16][H][W][16]. For rank 1 both are the same contiguous values, padded to a multiple of 16.
enum class Layout { nhwc, c16 };

/// Element type of an activation. Others (int8, bf16, fp16) will join here and in the kernel table.
enum class DType { f32 };

/// One activation of one image.
struct TensorDesc {
  Shape shape;
  Layout layout = Layout::c16;
  DType dtype = DType::f32;

  std::int64_t blocks() const { return (shape.c() + kBlock - 1) / kBlock; }
  std::int64_t pixels() const { return shape.elements() / shape.c(); }
  /// Floats of storage for one image: whole blocks, a multiple of 16.
  std::int64_t floats() const {
    if (layout == Layout::c16) return blocks() * pixels() * kBlock;
    return (shape.elements() + kBlock - 1) / kBlock * kBlock;
  }
};

}  // namespace fovea
