// Geometry of sliding windows along one axis: output size and padding of convolutions and pooling.
#pragma once

#include <cstdint>
#include <optional>

#include "layers/layer.h"

namespace fovea {

/// One axis of a window: kernel size, stride and dilation in pixels.
struct WindowAxis {
  std::int64_t kernel = 1, stride = 1, dilation = 1;
  std::int64_t extent() const { return (kernel - 1) * dilation + 1; }
};

/// Where the windows of an axis lie.
struct WindowSpan {
  std::int64_t out = 0;     ///< number of windows; 0 or less: the input is too small
  std::int64_t before = 0;  ///< padding before the first input pixel
};

/// Keras' padding "same" (out = ceil(n / stride), the odd pixel at the end) or "valid", for an input of n pixels with
/// `before` and `after` explicit zeros around it. Source: keras/src/backend/torch/nn.py.
inline WindowSpan window_span(const WindowAxis& axis, bool same, std::int64_t n, std::int64_t before,
                              std::int64_t after) {
  const std::int64_t padded = n + before + after;
  if (!same) {
    return {padded < axis.extent() ? 0 : (padded - axis.extent()) / axis.stride + 1, before};
  }
  const std::int64_t out = (padded + axis.stride - 1) / axis.stride;
  const std::int64_t total = (out - 1) * axis.stride + axis.extent() - padded;
  return {out, before + (total > 0 ? total / 2 : 0)};
}

/// Reads `padding`: true for "same", false for "valid"; anything else is an UnsupportedError.
bool read_same_padding(const LayerConfig& config);

/// Reads a pair attribute whose values must lie in 1 .. 65536.
std::pair<WindowAxis, WindowAxis> read_window(const LayerConfig& config, const char* size_key,
                                              bool strides_default_to_size);

/// Pixels at the four sides of a map, from `key`: a whole number, a pair of them (rows, columns), or ((top, bottom),
/// (left, right)); `fallback` if absent. Values from 0 to 65536.
Padding read_sides(const LayerConfig& config, const std::string& key, std::int64_t fallback);

/// The map of `out`'s size whose first pixel is pixel (y, x) of the input; what the input does not have is zero.
std::unique_ptr<Op> make_window_copy(const TensorDesc& in, const TensorDesc& out, std::int64_t y, std::int64_t x);

/// Throws UnsupportedError unless `data_format` is channels_last.
void require_channels_last(const LayerConfig& config);

}  // namespace fovea
