// Arguments of the Gaussian blur of pictures and of the contrast against it.
#pragma once

#include <cstdint>

namespace fovea {

/// A weighted sum along one direction of a picture: sum over terms of weight * in[i + at], as three lists of terms. Sum
/// i reads window places i + at.
struct WeightedSum {
  const std::int32_t* plus;  ///< places of weight 1; a place may stand twice
  const std::int32_t* minus;
  const std::int32_t* scaled;  ///< places of weight factors[k]
  const std::int32_t* factors;
  int n_plus, n_minus, n_scaled;
};

/// Whole-number taps as sums of fewer terms: s[i] = r[i] + added(i), where r[i] is direct(i) or, from sum
/// `direct_count` on, r[i - lag] + running(i). Window place k of sum 0 is picture place first + k - reach_before,
/// reflected at the borders.
struct GaussianSums {
  WeightedSum direct, running, added;
  int lag;                        ///< 0: there is no r, `added` is the whole sum
  int direct_count;               ///< this many first r are direct; the others find the `lag` ones before them
  int reach_before, reach_after;  ///< places read before and after a sum's own
};

/// Values side by side that gaussian_down works on at a time. Of its sums 32 side by side make a strip, in which they
/// lie row by row without gaps: neither pass then walks from page to page.
inline constexpr int kGaussianColumns = 128;

/// Longer lags do not pay up to sigma 60, and each is a row of sums to keep. What is kept is a ring of so many r, a
/// power of two.
inline constexpr int kGaussianMaxLag = 16, kGaussianRing = 32;
static_assert(kGaussianMaxLag <= kGaussianRing);

/// Vertical sums of 8-bit values less 2^15, exact modulo 2^16: signed words, as taps sum to 256.
struct GaussianDownArgs {
  const std::uint8_t* in;
  std::int64_t in_stride;
  const std::int32_t* source;  ///< [reach_before + rows + reach_after] input row of each window row
  int columns, rows;           ///< columns 1 .. kGaussianColumns
  GaussianSums sums;
  std::uint16_t* window;   ///< scratch [kGaussianColumns / 32][reach_before + rows + reach_after][32]
  std::uint16_t* ring;     ///< scratch [kGaussianRing][32]
  std::uint16_t* kept;     ///< [strips][lag][32]: the last r of the rows before, replaced by those of these rows
  std::uint16_t* out;      ///< row i of strip s at out + s * out_strip + i * 32
  std::int64_t out_strip;  ///< all 32 values of a strip's rows are written
};

/// Columns of a picture that gaussian_across works on at a time: its scratch has room for a chunk, the least of this
/// and the width, and before and after it for the columns of whole strips that are not asked for.
inline constexpr int kGaussianChunk = 512, kGaussianPad = 31;

/// Horizontal sums, with taps that sum to 256, of up to 16 rows of the vertical ones, three channels; blurred = (sum +
/// 2^15) >> 16, and out = saturate(round(weight * picture + (blur_weight * blurred + offset))), as cv::addWeighted does
/// it in float.
struct GaussianAcrossArgs {
  /// Value i of row y, as gaussian_down leaves it, at in + i / 32 * in_strip + y * 32 + i % 32; 16 rows, `rows` of them
  /// count.
  const std::uint16_t* in;
  std::int64_t in_strip;
  int width, rows;
  const std::int32_t* source;   ///< [reach_before + width + reach_after] column of each window column
  GaussianSums sums;            ///< direct_count >= lag
  float* window;                ///< scratch [kGaussianPad + reach_before + chunk + reach_after + kGaussianPad][3][16]
  float* ring;                  ///< scratch [3][kGaussianRing][16]: the last r
  std::uint8_t* blurred;        ///< scratch [3][kGaussianChunk][16]
  const std::uint8_t* picture;  ///< [rows][width][3]
  std::int64_t picture_stride;
  std::uint8_t* out;  ///< [rows][width][3]
  std::int64_t out_stride;
  float weight, blur_weight, offset;
  /// Byte row * width * 3 + i and all after it are (weight * picture + blur_weight * blurred) + offset: OpenCV adds in
  /// this order in the last bytes of a picture.
  std::int64_t other_order_from;
};

}  // namespace fovea
