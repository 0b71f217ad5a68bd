// How far a 3x3 convolution by Winograd's algorithm may be from the true one: derived from its matrices.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace fovea::test {

/// A 3x3 convolution of stride 1 in plain layouts.
struct PlainConv {
  std::int64_t h, w, channels, pad_top, pad_left, out_h, out_w, filters;
  std::span<const double> in;     ///< [h][w][channels]
  std::span<const float> kernel;  ///< [3][3][channels][filters]
};

/// For each output, [out_h][out_w][filters]: what is added up with all signs made positive, that is
/// |AT| (sum over channels of (|G| |g| |GT|) . (|BT| |d| |B|)) |A|. Tiles start at the first output pixel.
std::vector<double> winograd_sizes(int tile, const PlainConv& conv);

/// Roundings in a row that a product goes through: transforms, rounded weight, a sum over channels, residual, bias.
double winograd_terms(int tile, std::int64_t channels);

}  // namespace fovea::test
