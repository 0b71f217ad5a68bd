// Reference resizing of pictures: one value of a row each. Floats are rounded after every operation, as the kernels
// promise.
#pragma once

#include <cstdint>

#include "kernels/args/resize.h"

namespace fovea::reference {

/// Channel c of pixel x over `taps` taps: 4 (cubic) or 2 (linear, before the shift by 4). Exact.
std::int64_t resize_across_u8(const ResizeAcrossArgs& r, int taps, int x, int c);

/// Channel c of pixel x.
float resize_cells_across_u8(const ResizeCellsArgs& r, int x, int c);

/// One value from those of four rows.
std::uint8_t resize_cubic_down_f32(const float (&rows)[4], const float (&weights)[4]);

/// One value from those of two rows.
std::uint8_t resize_linear_down_s16(std::int16_t a, std::int16_t b, std::int16_t weight_a, std::int16_t weight_b);

/// row * weight, added to `before` unless it is the first.
float resize_cells_down_f32(float row, float weight, bool first, float before);

/// The whole number nearest to x, half to even, in [0, 255]; 0 for NaN and for what no int can hold.
std::uint8_t round_f32_u8(float x);

}  // namespace fovea::reference
