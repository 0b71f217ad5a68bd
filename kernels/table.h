// The kernel table: what every instruction set's copy of the kernels offers, a sub-table for each family. The arguments
// that kernels take stand in kernels/args/.
//
// Names: <family>.[<op>_]<dtype>[_<layout>]. Layouts:
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

#include "kernels/args/activate.h"
#include "kernels/args/common.h"
#include "kernels/args/conv.h"
#include "kernels/args/dense.h"
#include "kernels/args/depthwise.h"
#include "kernels/args/gaussian.h"
#include "kernels/args/normalise.h"
#include "kernels/args/pack.h"
#include "kernels/args/pair.h"
#include "kernels/args/pool.h"
#include "kernels/args/resample.h"
#include "kernels/args/resize.h"
#include "kernels/args/softmax.h"
#include "kernels/args/winograd.h"
#include "kernels/isa.h"

namespace fovea {

/// Convolutions.
struct ConvKernels {
  int pixels;    ///< register tile: pixels ...
  int channels;  ///< ... by output channels, also the width of a weight panel (16 or 32)
  void (*f32_c16)(const ConvArgs&) noexcept;
  void (*f32_planar)(const ConvArgs&) noexcept;
};

/// Copies between layouts, and into the strips of convolutions.
struct PackKernels {
  void (*rows_f32_c16)(const PackRowsArgs&) noexcept;
  void (*rows_f32_planar)(const PackRowsArgs&) noexcept;
  /// [h * w][c] -> [c/16][h * w][16], padding lanes zero.
  void (*nhwc_to_c16_f32)(const float* in, float* out, std::int64_t pixels, int channels) noexcept;
  /// [c/16][h * w][16] -> [h * w][c].
  void (*c16_to_nhwc_f32)(const float* in, float* out, std::int64_t pixels, int channels) noexcept;
};

/// F(m x m, 3x3) for m = 4 (36 positions a tile) and m = 2 (16), see kernels/winograd.h.
struct WinogradKernels {
  void (*input4_f32_c16)(const WinogradInputArgs&) noexcept;
  void (*output4_f32_c16)(const WinogradOutputArgs&) noexcept;
  void (*input2_f32_c16)(const WinogradInputArgs&) noexcept;
  void (*output2_f32_c16)(const WinogradOutputArgs&) noexcept;
};

/// Pooling.
struct PoolKernels {
  void (*max_f32_c16)(const PoolArgs&) noexcept;
  /// Average over the cells inside the input (padding is not counted, as in Keras).
  void (*average_f32_c16)(const PoolArgs&) noexcept;
  /// out[16] = mean (or maximum) over `pixels` pixels of one block.
  void (*global_average_f32_c16)(const float* in, int pixels, float* out) noexcept;
  void (*global_max_f32_c16)(const float* in, int pixels, float* out) noexcept;
};

/// Depthwise convolution.
struct DepthwiseKernels {
  void (*f32_c16)(const DepthwiseArgs&) noexcept;
};

/// Moving channels between lanes, and pixels apart.
struct LanesKernels {
  /// out[p][l] = in[p][(first + l) / multiplier] for the 16 lanes of each pixel; first + 15 < 16 * multiplier.
  void (*repeat_f32_c16)(const float* in, float* out, int pixels, int first, int multiplier) noexcept;
  /// out[p][to + i] = in[p][from + i] for i < count, other lanes of `out` stay.
  void (*copy_f32_c16)(const float* in, int from, float* out, int to, int count, int pixels) noexcept;
  /// Pixel p goes to out + 16 * p * step.
  void (*spread_pixels_f32_c16)(const float* in, float* out, int pixels, int step) noexcept;
};

/// Dense layers.
struct DenseKernels {
  void (*f32)(const DenseArgs&) noexcept;
};

/// Element by element.
struct ElementwiseKernels {
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
  /// n a multiple of 16; out may be a or b. NaN in either stays.
  void (*pair_f32)(Pairing pairing, const float* a, const float* b, float* out, std::int64_t n) noexcept;
  /// As pair_f32 with a smaller second operand.
  void (*pair_small_f32_c16)(const PairSmallArgs&) noexcept;
  /// out = in > 0 ? in : alpha * in, n a multiple of 16; in place allowed. alpha_step 16: a factor for each value, 0:
  /// sixteen that repeat.
  void (*prelu_f32)(const float* in, const float* alpha, int alpha_step, float* out, std::int64_t n) noexcept;
  /// out = clamp(a + factor * b), n a multiple of 16; out may be a or b.
  void (*add_scaled_f32)(const float* a, const float* b, float factor, float* out, std::int64_t n,
                         Clamp clamp) noexcept;
  /// out = 1 / (1 + exp(-in)), n a multiple of 16; in place allowed.
  void (*sigmoid_f32)(const float* in, float* out, std::int64_t n) noexcept;
  /// out = exp(in), n a multiple of 16: within 2 ulp over the whole range, 0 below -104, inf above 88.73, NaN for NaN.
  void (*exp_f32)(const float* in, float* out, std::int64_t n) noexcept;
  /// out = a * b + c element by element, n a multiple of 16: one rounding where the instruction set has FMA. For tests.
  void (*fma_f32)(const float* a, const float* b, const float* c, float* out, std::int64_t n) noexcept;
};

/// Activations that are more than a clamp.
struct ActivateKernels {
  /// n a multiple of 16; in place allowed.
  void (*f32)(const float* in, float* out, std::int64_t n, const ActivateArgs&) noexcept;
};

/// Softmax.
struct SoftmaxKernels {
  void (*f32_c16)(const SoftmaxArgs&) noexcept;
  /// Softmax of each lane over `count` vectors of 16, `stride` floats apart; in place allowed.
  void (*along_f32)(const float* in, float* out, int count, std::int64_t stride, bool log) noexcept;
};

/// Statistics, and normalisation by them.
struct NormaliseKernels {
  void (*channels_f32_c16)(const ChannelNormArgs&) noexcept;
  /// out[16] = sum of x - centre[16] over `pixels` pixels of one block, or of its squares.
  void (*sum_f32_c16)(const float* in, int pixels, const float* centre, float* out) noexcept;
  void (*sum_squares_f32_c16)(const float* in, int pixels, const float* centre, float* out) noexcept;
};

/// Interpolation in feature maps.
struct ResampleKernels {
  void (*f32_c16)(const ResampleArgs&) noexcept;
};

/// Gaussian blur of pictures, and the contrast against it.
struct GaussianKernels {
  void (*down_u8)(const GaussianDownArgs&) noexcept;
  void (*across_u16)(const GaussianAcrossArgs&) noexcept;
};

/// Resizing of pictures, a row at a time.
struct ResizeKernels {
  /// Values one past the last pixel may be written; the results are whole numbers.
  void (*cubic_across_u8)(const ResizeAcrossArgs&, float* out) noexcept;
  /// The same, shifted right by 4, with magnitudes of at most 2^11 together: the results fit a word.
  void (*linear_across_u8)(const ResizeAcrossArgs&, std::int16_t* out) noexcept;
  void (*cells_across_u8)(const ResizeCellsArgs&, float* out) noexcept;
  /// out = saturate(round(r0 * w0 + (r1 * w1 + (r2 * w2 + r3 * w3)))), n values; rows are read up to a multiple of 16.
  void (*cubic_down_f32)(const float* const* rows, const float* weights, int n, std::uint8_t* out) noexcept;
  /// out = ((r0 * w0 >> 16) + (r1 * w1 >> 16) + 2) >> 2, n values, none of them over 255.
  void (*linear_down_s16)(const std::int16_t* const* rows, const std::int16_t* weights, int n,
                          std::uint8_t* out) noexcept;
  /// sums = row * weight, or sums + row * weight; n a multiple of 16.
  void (*cells_down_f32)(const float* row, float weight, bool first, std::int64_t n, float* sums) noexcept;
  /// out = saturate(round(in)), n values; `in` is read up to a multiple of 16.
  void (*round_f32_u8)(const float* in, int n, std::uint8_t* out) noexcept;
};

/// Everything one instruction set offers. Function and tile travel together.
struct KernelTable {
  Isa isa;
  ConvKernels conv;
  PackKernels pack;
  WinogradKernels winograd;
  PoolKernels pool;
  DepthwiseKernels depthwise;
  LanesKernels lanes;
  DenseKernels dense;
  ElementwiseKernels elementwise;
  ActivateKernels activate;
  SoftmaxKernels softmax;
  NormaliseKernels normalise;
  ResampleKernels resample;
  GaussianKernels gaussian;
  ResizeKernels resize;
};

}  // namespace fovea
