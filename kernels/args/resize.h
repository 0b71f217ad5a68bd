// Arguments of resizing pictures.
#pragma once

#include <cstdint>

namespace fovea {

/// One row of a picture brought to another width, three channels: value c of pixel x is the sum over k of weights[taps
/// * x + k] * in[3 * (first[x] + k) + c], taps 2 (linear) or 4 (cubic). Exact where a pixel's weights have magnitudes
/// of at most 2^12 together. Places past the row's end have weight zero.
struct ResizeAcrossArgs {
  const std::uint8_t* in;
  std::int64_t in_bytes;        ///< of the row; nothing past it is read
  const std::int32_t* first;    ///< [width], ascending
  const std::int16_t* weights;  ///< [width][taps]
  int width;                    ///< of the result
};

/// As ResizeAcrossArgs for cells of any length: pixel x is the sum over k < begin[x + 1] - begin[x] of weights[begin[x]
/// + k]
/// * in[3 * (first[x] + k) + c], added in this order in float. No cell passes the row's end.
struct ResizeCellsArgs {
  const std::uint8_t* in;
  std::int64_t in_bytes;
  const std::int32_t* first;  ///< [width]
  const std::int32_t* begin;  ///< [width + 1]
  const float* weights;
  int width;
};

}  // namespace fovea
