// The kernel table: what every instruction set's copy of the kernels offers, and the arguments they take.
//
// Names: <op>_<dtype>_<layout>[_<method>]. Layouts:
//   c16     [C/16][H][W][16], channels in blocks of 16; lanes past C in the last block hold zero where written by a
//           convolution and anything finite elsewhere: weights for them are zero, so they never reach a result
//   nhwc    [H][W][C]
//   planar  [C][H][W], used for the few input channels of a network's first convolution
// All strides and offsets are in elements, never bytes. No kernel allocates, throws or knows about threads; a kernel
// writes only the outputs its arguments describe, and its results do not depend on how the work was cut.
//
// Summation order: a sum over K is cut into K-blocks by the caller; within a block one fused multiply-add chain runs in
// the order of K, and block sums are added in order. AVX2 and AVX-512 therefore give the same bits.
#pragma once

#include <cstdint>

#include "kernels/isa.h"

namespace fovea {

/// Channels in one block of the c16 layout.
inline constexpr int kBlock = 16;

/// Clamp applied last in an epilogue: min(hi, max(lo, x)). NaN stays NaN. Infinite bounds mean none.
struct Clamp {
  float lo, hi;
};

/// One K-block of a convolution: `rows` x `cols` output pixels, `out_blocks` blocks of 16 output channels.
/// The input of an output pixel is a list of runs: run r starts at in + row * in_row_stride + col * step + runs[r],
/// where a run is 16 consecutive values and step 16 (c16), or one value and step 1 (planar).
struct ConvBlock {
  const float* in;
  const std::int32_t* runs;
  int n_runs;
  std::int64_t in_row_stride;
  const float* weights;  ///< [panel][run][values of the run][KernelTable::conv_channels]; the last panel may be
                         ///< half used (out_blocks odd where a panel has two blocks), its rest is zero
  std::int64_t weights_panel_stride;  ///< from one panel to the next
  const float* next_weights;          ///< what the next call begins with, to be fetched ahead; any address
  int rows, cols, out_blocks;
  float* out;  ///< c16: out + block * out_block_stride + row * out_row_stride + col * 16
  std::int64_t out_row_stride, out_block_stride;
  bool first, last;       ///< first: out = [residual +] sum, otherwise out += sum; last: then + bias, then clamp
  const float* residual;  ///< same strides as out, may be out itself; nullptr for none; read when first
  const float* bias;      ///< [out_blocks * 16], read when last
  Clamp clamp;
  int half_runs = 0;  ///< c16: so many runs at the end count with their first 8 values only; the rest is not multiplied
};

/// Copies rows of a feature map into a padded strip with its columns sorted by phase (column modulo `phases`), so that
/// strided convolutions read consecutive pixels. Strip row i is input row y0 + i * row_step; strip column j is input
/// column x0 + j; everything outside the input is zero. Strip column j is stored at phase j % phases, place j / phases.
struct PackRows {
  const float* in;  ///< c16: [blocks][h][w][16]; planar: nhwc [h][w][channels]
  int h, w;
  int groups;  ///< blocks (c16) or channels (planar)
  int y0, row_step, x0;
  int rows, cols;
  int phases, keep_phases;  ///< only phases 0 .. keep_phases - 1 are stored
  float* out;  ///< [groups][rows][keep_phases][ceil(cols / phases)] pixels of 16 (c16) or 1 (planar) floats
};

/// Winograd's input transform of one c16 block: tiles tile_begin .. tile_end - 1 of the image, counted row by row. Tile
/// (ty, tx) reads the (m + 2) x (m + 2) input pixels from (ty * m - pad_top, tx * m - pad_left); outside is zero.
struct WinogradInput {
  const float* in;  ///< [h][w][16]
  int h, w, pad_top, pad_left;
  int tiles_x, tile_begin, tile_end;
  float* out;  ///< position p of tile t at out + p * position_stride + (t - tile_begin) * 16
  std::int64_t position_stride;
};

/// Winograd's output transform of one c16 block: out = clamp(sums + residual + bias), m x m pixels a tile, cut off at
/// the edges of the output.
struct WinogradOutput {
  const float* in;  ///< as WinogradInput::out
  std::int64_t position_stride;
  int h, w, tiles_x, tile_begin, tile_end;
  float* out;             ///< [h][w][16]
  const float* residual;  ///< as out, may be out itself; nullptr for none
  const float* bias;      ///< [16]
  Clamp clamp;
};

/// Output rows y_begin .. y_end - 1 of pooling over one c16 block.
struct Pool {
  const float* in;  ///< [h][w][16]
  int h, w;
  float* out;  ///< [out_h][out_w][16]
  int out_w, y_begin, y_end;
  int kh, kw, stride_h, stride_w, pad_top, pad_left;
  bool zero_padding;  ///< max only: cells outside the input take part as zeros (ZeroPadding2D before it), else they are
                      ///< left out
};

/// Depthwise convolution of one c16 block, output rows y_begin .. y_end - 1: out = clamp(sum over taps of in * weight +
/// bias), lane by lane. Taps outside the input are left out.
struct Depthwise {
  const float* in;  ///< [h][w][16]
  int h, w;
  const float* weights;  ///< [kh][kw][16]
  const float* bias;     ///< [16]
  float* out;            ///< [out_h][out_w][16]
  int out_w, y_begin, y_end;
  int kh, kw, stride_h, stride_w, dilation_h, dilation_w, pad_top, pad_left;
  Clamp clamp;
};

/// Activations that are more than a clamp, each with its parameters.
enum class Curve {
  relu,        ///< clamp(x > a ? x : 0) - b * max(a - x, 0)
  elu,         ///< x > 0 ? a * x : b * expm1(c * x); c > 0
  swish,       ///< x / (1 + exp(-x))
  hard_swish,  ///< x * min(max(x + 3, 0), 6) / 6
  tanh,
  mish,      ///< x * tanh(log(1 + exp(x)))
  softplus,  ///< log(1 + exp(x))
  softsign,  ///< x / (1 + |x|)
  exponential,
  gelu,          ///< x times the normal distribution's cumulative probability
  gelu_tanh,     ///< its approximation x / 2 * (1 + tanh(sqrt(2 / pi) * (x + 0.044715 x^3)))
  hard_sigmoid,  ///< min(1, max(0, a * x + b))
  log_sigmoid,   ///< -log(1 + exp(-x))
  square,
  absolute,
};
struct Activate {
  Curve curve;
  float a = 0, b = 0, c = 0;
  Clamp clamp = {-__builtin_inff(), __builtin_inff()};
};

/// Two values into one: subtract is a - b.
enum class Pairing { add, subtract, multiply, maximum, minimum };

/// Pairing of a block's pixels with something smaller: out = a[i] op b, or b op a[i] if `swapped`.
struct PairSmall {
  Pairing pairing;
  bool swapped;
  const float* a;  ///< [pixels][16]
  const float* b;  ///< per_pixel: lane 0 of [pixels][16], for all lanes; else [16], for all pixels
  bool per_pixel;
  float* out;  ///< [pixels][16], may be a
  int pixels;
};

/// Normalisation of each pixel over its channels, c16: out = (x - m) / sqrt(max(s / divisor + epsilon, smallest)) *
/// scale + shift, where m is the mean or 0 and s the sum of (x - m)^2. In and out may be the same; lanes past
/// `channels` become shift.
struct ChannelNorm {
  const float* in;
  float* out;
  int channels, pixels;
  std::int64_t block_stride;
  bool centre;
  float divisor, epsilon, smallest;
  const float *scale, *shift;  ///< [blocks * 16]
};

/// Output rows y_begin .. y_end - 1 of interpolation in one c16 block: pixel (y, x) is the sum over taps_y x taps_x
/// input pixels, row first_y[y] + j and column first_x[x] + i, each cut off to the input, of weight_y * weight_x.
struct Resample {
  const float* in;  ///< [h][w][16]
  int h, w;
  float* out;  ///< [out_h][out_w][16]
  int out_w, y_begin, y_end;
  int taps_y, taps_x;
  const std::int32_t *first_y, *first_x;  ///< may be negative
  const float *weights_y, *weights_x;     ///< [out][taps]
};

/// Dense layer for up to any number of images: out[i][n] = clamp(sum_k in[i][k] * w[k][n] + bias[n]).
struct Dense {
  const float* in;  ///< image i at in + i * in_stride
  std::int64_t in_stride;
  int images, k;
  int k_block;                  ///< K-block length of the summation order
  const float* weights;         ///< for each K-block [all_blocks][k of the K-block][16]
  int all_blocks;               ///< blocks of 16 outputs that the weights are of
  int first_block, out_blocks;  ///< those computed
  const float* bias;            ///< [out_blocks * 16]
  float* out;                   ///< image i at out + i * out_stride, out_blocks * 16 values
  std::int64_t out_stride;
  Clamp clamp;
};

/// Softmax over channels of `pixels` pixels, c16; in and out may be the same. Lanes past `channels` become zero, or
/// with `log`, the logarithms of the same, finite.
struct Softmax {
  const float* in;
  float* out;
  int channels, pixels;
  std::int64_t block_stride;
  bool log = false;
};

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
struct GaussianDown {
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
struct GaussianAcross {
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

/// One row of a picture brought to another width, three channels: value c of pixel x is the sum over k of weights[taps
/// * x + k] * in[3 * (first[x] + k) + c], taps 2 (linear) or 4 (cubic). Exact where a pixel's weights have magnitudes
/// of at most 2^12 together. Places past the row's end have weight zero.
struct ResizeAcross {
  const std::uint8_t* in;
  std::int64_t in_bytes;        ///< of the row; nothing past it is read
  const std::int32_t* first;    ///< [width], ascending
  const std::int16_t* weights;  ///< [width][taps]
  int width;                    ///< of the result
};

/// As ResizeAcross for cells of any length: pixel x is the sum over k < begin[x + 1] - begin[x] of weights[begin[x] +
/// k]
/// * in[3 * (first[x] + k) + c], added in this order in float. No cell passes the row's end.
struct ResizeCells {
  const std::uint8_t* in;
  std::int64_t in_bytes;
  const std::int32_t* first;  ///< [width]
  const std::int32_t* begin;  ///< [width + 1]
  const float* weights;
  int width;
};

/// Everything one instruction set offers. Function and tile travel together.
struct KernelTable {
  Isa isa;
  int conv_pixels;    ///< register tile of conv_*: pixels ...
  int conv_channels;  ///< ... by output channels, also the width of a weight panel (16 or 32)

  void (*conv_f32_c16)(const ConvBlock&) noexcept;
  void (*conv_f32_planar)(const ConvBlock&) noexcept;
  void (*pack_rows_f32_c16)(const PackRows&) noexcept;
  void (*pack_rows_f32_planar)(const PackRows&) noexcept;
  /// F(m x m, 3x3) for m = 4 (36 positions a tile) and m = 2 (16), see kernels/winograd.h.
  void (*winograd4_input_f32_c16)(const WinogradInput&) noexcept;
  void (*winograd4_output_f32_c16)(const WinogradOutput&) noexcept;
  void (*winograd2_input_f32_c16)(const WinogradInput&) noexcept;
  void (*winograd2_output_f32_c16)(const WinogradOutput&) noexcept;
  void (*max_pool_f32_c16)(const Pool&) noexcept;
  /// Average over the cells inside the input (padding is not counted, as in Keras).
  void (*average_pool_f32_c16)(const Pool&) noexcept;
  void (*depthwise_f32_c16)(const Depthwise&) noexcept;
  /// out[p][l] = in[p][(first + l) / multiplier] for the 16 lanes of each pixel; first + 15 < 16 * multiplier.
  void (*repeat_lanes_f32_c16)(const float* in, float* out, int pixels, int first, int multiplier) noexcept;
  /// out[p][to + i] = in[p][from + i] for i < count, other lanes of `out` stay.
  void (*copy_lanes_f32_c16)(const float* in, int from, float* out, int to, int count, int pixels) noexcept;
  /// Pixel p goes to out + 16 * p * step.
  void (*spread_pixels_f32_c16)(const float* in, float* out, int pixels, int step) noexcept;
  /// out[16] = mean (or maximum) over `pixels` pixels of one block.
  void (*global_average_f32_c16)(const float* in, int pixels, float* out) noexcept;
  void (*global_max_f32_c16)(const float* in, int pixels, float* out) noexcept;
  void (*dense_f32)(const Dense&) noexcept;
  /// out = clamp(a + b), n a multiple of 16; out may be a or b.
  void (*add_f32)(const float* a, const float* b, float* out, std::int64_t n, Clamp clamp) noexcept;
  /// out = clamp(in), n a multiple of 16; in place allowed.
  void (*clamp_f32)(const float* in, float* out, std::int64_t n, Clamp clamp) noexcept;
  /// out = clamp(fma(in, scale[16], shift[16])) for one block; in place allowed.
  void (*affine_f32_c16)(const float* in, float* out, int pixels, const float* scale, const float* shift,
                         Clamp clamp) noexcept;
  /// As affine_f32_c16 over n values, a multiple of 16; value i has scale[i % (16 * period)], likewise its shift.
  void (*affine_f32_nhwc)(const float* in, float* out, std::int64_t n, int period, const float* scale,
                          const float* shift) noexcept;
  /// n a multiple of 16; in place allowed.
  void (*activate_f32)(const float* in, float* out, std::int64_t n, const Activate&) noexcept;
  /// n a multiple of 16; out may be a or b. NaN in either stays.
  void (*pair_f32)(Pairing pairing, const float* a, const float* b, float* out, std::int64_t n) noexcept;
  /// out = in > 0 ? in : alpha * in, n a multiple of 16; in place allowed. alpha_step 16: a factor for each value, 0:
  /// sixteen that repeat.
  void (*prelu_f32)(const float* in, const float* alpha, int alpha_step, float* out, std::int64_t n) noexcept;
  /// out = 1 / (1 + exp(-in)), n a multiple of 16; in place allowed.
  void (*sigmoid_f32)(const float* in, float* out, std::int64_t n) noexcept;
  /// As pair_f32 with a smaller second operand.
  void (*pair_small_f32_c16)(const PairSmall&) noexcept;
  /// out = clamp(a + factor * b), n a multiple of 16; out may be a or b.
  void (*add_scaled_f32)(const float* a, const float* b, float factor, float* out, std::int64_t n,
                         Clamp clamp) noexcept;
  void (*softmax_f32_c16)(const Softmax&) noexcept;
  /// Softmax of each lane over `count` vectors of 16, `stride` floats apart; in place allowed.
  void (*softmax_along_f32)(const float* in, float* out, int count, std::int64_t stride, bool log) noexcept;
  void (*channel_norm_f32_c16)(const ChannelNorm&) noexcept;
  /// out[16] = sum of x - centre[16] over `pixels` pixels of one block, or of its squares.
  void (*sum_f32_c16)(const float* in, int pixels, const float* centre, float* out) noexcept;
  void (*sum_squares_f32_c16)(const float* in, int pixels, const float* centre, float* out) noexcept;
  void (*resample_f32_c16)(const Resample&) noexcept;
  /// out = exp(in), n a multiple of 16: within 2 ulp over the whole range, 0 below -104, inf above 88.73, NaN for NaN.
  void (*exp_f32)(const float* in, float* out, std::int64_t n) noexcept;
  /// [h * w][c] -> [c/16][h * w][16], padding lanes zero.
  void (*nhwc_to_c16_f32)(const float* in, float* out, std::int64_t pixels, int channels) noexcept;
  /// [c/16][h * w][16] -> [h * w][c].
  void (*c16_to_nhwc_f32)(const float* in, float* out, std::int64_t pixels, int channels) noexcept;
  void (*gaussian_down_u8)(const GaussianDown&) noexcept;
  void (*gaussian_across_u16)(const GaussianAcross&) noexcept;
  /// Values one past the last pixel may be written; the results are whole numbers.
  void (*resize_cubic_across_u8)(const ResizeAcross&, float* out) noexcept;
  /// The same, shifted right by 4.
  void (*resize_linear_across_u8)(const ResizeAcross&, std::int16_t* out) noexcept;
  void (*resize_cells_across_u8)(const ResizeCells&, float* out) noexcept;
  /// out = saturate(round(r0 * w0 + (r1 * w1 + (r2 * w2 + r3 * w3)))), n values; rows are read up to a multiple of 16.
  void (*resize_cubic_down_f32)(const float* const* rows, const float* weights, int n, std::uint8_t* out) noexcept;
  /// out = ((r0 * w0 >> 16) + (r1 * w1 >> 16) + 2) >> 2, n values, none of them over 255.
  void (*resize_linear_down_s16)(const std::int16_t* const* rows, const std::int16_t* weights, int n,
                                 std::uint8_t* out) noexcept;
  /// sums = row * weight, or sums + row * weight; n a multiple of 16.
  void (*resize_cells_down_f32)(const float* row, float weight, bool first, std::int64_t n, float* sums) noexcept;
  /// out = saturate(round(in)), n values; `in` is read up to a multiple of 16.
  void (*round_f32_u8)(const float* in, int n, std::uint8_t* out) noexcept;
  /// out = a * b + c element by element, n a multiple of 16: one rounding where the instruction set has FMA. For tests.
  void (*fma_f32)(const float* a, const float* b, const float* c, float* out, std::int64_t n) noexcept;
};

}  // namespace fovea
