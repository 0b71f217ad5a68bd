// Depthwise convolution of one c16 block: sixteen channels side by side, so every tap is one multiply-add a pixel.
//
// Register tile: 8 pixels of a row (AVX-512: 8 accumulators, one weight; AVX2: 4 pixels x 2 registers; SSE2: 2 x 4).
// Taken tap by tap the loads bind, not the FMAs: a tap of a tile is one load of the weight and one of each pixel.
// Kernels of 3 and 5 columns load the inputs of a row once for all columns, on AVX-512 into 10 or 12 registers (stride
// 2: 17 or 19). What is left of a row is a smaller tile: maps of 7 pixels have no other. Pixels whose window lies over
// the left or right edge go one by one; taps above and below the input are left out for whole rows.
#include "kernels/families.h"
#include "kernels/simd/vec.h"

namespace fovea::FOVEA_NS {
namespace {

constexpr int kRowTile = 8 / kVecs;

// The taps first .. last - 1 of an axis that fall into an input of n places; the window starts at `start`.
struct Taps {
  int first, last;
};
FOVEA_INLINE Taps taps_inside(int start, int kernel, int dilation, int n) {
  Taps taps{0, kernel};
  while (taps.first < kernel && start + taps.first * dilation < 0) ++taps.first;
  while (taps.last > taps.first && start + (taps.last - 1) * dilation >= n) --taps.last;
  return taps;
}

// P neighbouring output pixels that share their taps. K > 0: kernels of K columns, all inside, side by side, and of
// stride S: what the pixels of a row share is loaded once.
template <int P, int K, int S>
FOVEA_INLINE void pixels(const DepthwiseArgs& d, const Taps& rows, const Taps& cols, int top, int left, float* out,
                         const Lanes16& bias, const Bounds& limit) {
  Lanes16 sum[P];
#pragma GCC unroll 8
  for (int p = 0; p < P; ++p) sum[p] = broadcast16(0);
  for (int ky = rows.first; ky < rows.last; ++ky) {
    const float* row = d.in + (std::int64_t{top + ky * d.dilation_h} * d.w + left) * 16;
    const float* weights = d.weights + std::int64_t{16} * ky * d.kw;
    if constexpr (K > 0) {
      constexpr int kInputs = (P - 1) * S + K;
      Lanes16 in[kInputs];
#pragma GCC unroll 24
      for (int i = 0; i < kInputs; ++i) {
        in[i] = load16(row + 16 * i);
        if constexpr (kVecs == 1) keep_in_register(in[i].v[0]);
      }
#pragma GCC unroll 8
      for (int kx = 0; kx < K; ++kx) {
        const Lanes16 weight = load16(weights + 16 * kx);
#pragma GCC unroll 8
        for (int p = 0; p < P; ++p) sum[p] = fma(in[p * S + kx], weight, sum[p]);
      }
    } else {
      const std::int64_t step = std::int64_t{16} * d.stride_w;
      for (int kx = cols.first; kx < cols.last; ++kx) {
        const Lanes16 weight = load16(weights + 16 * kx);
        const float* in = row + std::int64_t{16} * kx * d.dilation_w;
#pragma GCC unroll 8
        for (int p = 0; p < P; ++p) sum[p] = fma(load16(in + p * step), weight, sum[p]);
      }
    }
  }
#pragma GCC unroll 8
  for (int p = 0; p < P; ++p) store16(out + 16 * p, clamp16(sum[p] + bias, limit));
}

// n pixels, up to P.
template <int P, int K, int S>
FOVEA_INLINE void up_to(int n, const DepthwiseArgs& d, const Taps& rows, int top, int left, float* out,
                        const Lanes16& bias, const Bounds& limit) {
  if constexpr (P > 0) {
    if (n < P) return up_to<P - 1, K, S>(n, d, rows, top, left, out, bias, limit);
    pixels<P, K, S>(d, rows, {0, d.kw}, top, left, out, bias, limit);
  }
}

template <int K, int S>
void all_rows(const DepthwiseArgs& d) noexcept {
  const Bounds limit = bounds(d.clamp);
  const Lanes16 bias = load16(d.bias);
  // Pixels begin .. end - 1 of a row have their window inside.
  const int spare =
      d.w - 1 - (d.kw - 1) * d.dilation_w + d.pad_left;  // the last one's first column, from the padding on
  const int past = spare < 0 ? 0 : spare / d.stride_w + 1, end = past < d.out_w ? past : d.out_w;
  const int before = (d.pad_left + d.stride_w - 1) / d.stride_w, begin = before < end ? before : end;
  for (int y = d.y_begin; y < d.y_end; ++y) {
    const int top = y * d.stride_h - d.pad_top;
    const Taps rows = taps_inside(top, d.kh, d.dilation_h, d.h);
    float* out = d.out + std::int64_t{y} * d.out_w * 16;
    const auto edge = [&](int from, int to) {
      for (int x = from; x < to; ++x) {
        const int left = x * d.stride_w - d.pad_left;
        const Taps cols = taps_inside(left, d.kw, d.dilation_w, d.w);
        pixels<1, 0, 0>(d, rows, cols, top, left, out + std::int64_t{16} * x, bias, limit);
      }
    };
    edge(0, begin);
    int x = begin;
    for (; x + kRowTile <= end; x += kRowTile) {
      pixels<kRowTile, K, S>(d, rows, {0, d.kw}, top, x * d.stride_w - d.pad_left, out + std::int64_t{16} * x, bias,
                             limit);
    }
    up_to<kRowTile - 1, K, S>(end - x, d, rows, top, x * d.stride_w - d.pad_left, out + std::int64_t{16} * x, bias,
                              limit);
    edge(end, d.out_w);
  }
}

// Kernels of mobile networks have a way of their own.
void depthwise_f32_c16(const DepthwiseArgs& d) noexcept {
  const bool dense = d.dilation_w == 1;
  if (dense && d.kw == 3 && d.stride_w == 1) return all_rows<3, 1>(d);
  if (dense && d.kw == 3 && d.stride_w == 2) return all_rows<3, 2>(d);
  if (dense && d.kw == 5 && d.stride_w == 1) return all_rows<5, 1>(d);
  if (dense && d.kw == 5 && d.stride_w == 2) return all_rows<5, 2>(d);
  all_rows<0, 0>(d);
}

}  // namespace

DepthwiseKernels depthwise_kernels() { return {.f32_c16 = depthwise_f32_c16}; }

}  // namespace fovea::FOVEA_NS
