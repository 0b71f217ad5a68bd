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

constexpr std::int64_t size_of(DType type) {
  switch (type) {
    case DType::f32:
      break;
  }
  return sizeof(float);
}

struct Format {
  Layout layout = Layout::c16;
  DType type = DType::f32;

  constexpr Format(Layout l = Layout::c16, DType t = DType::f32) : layout(l), type(t) {}  // NOLINT: a layout of floats
  bool operator==(const Format&) const = default;
};

/// One activation of one image.
struct TensorDesc {
  Shape shape;
  Format format = {};

  std::int64_t blocks() const { return (shape.c() + kBlock - 1) / kBlock; }
  std::int64_t pixels() const { return shape.elements() / shape.c(); }
  /// Values stored for one image: whole blocks, a multiple of 16.
  std::int64_t values() const {
    if (format.layout == Layout::c16) return blocks() * pixels() * kBlock;
    return (shape.elements() + kBlock - 1) / kBlock * kBlock;
  }
  std::int64_t bytes() const { return values() * size_of(format.type); }
};

}  // namespace fovea
