// Winograd's input and output transforms. The products between them are matrix products over channels, one for each
// position of the tile, and run as 1x1 convolutions (conv_f32_c16) over the tiles.
//
// A transform works on one register of channels at a time: first along the columns of the tile into a small array, then
// along its rows. Signs and scales are chosen so that a row of six costs 12 additions or FMAs (see kernels/winograd.h).
#include "kernels/winograd.h"

#include "kernels/families.h"
#include "kernels/simd/vec.h"

namespace fovea::FOVEA_NS {
namespace {

FOVEA_INLINE Vec constant(double x) { return Vec(static_cast<float>(x)); }
FOVEA_INLINE Vec load(const float* p) { return Vec::load_unaligned(p); }

// BT d and AT m along one line, for each tile size.
struct Lines4 : Winograd4 {
  static FOVEA_INLINE void input(const Vec (&d)[6], Vec (&t)[6]) {
    // Products of the points' polynomials: x^4 - (a^2 + b^2) x^2 + 1 and its multiple by x at the ends; between them
    // (x^4 - b^2 x^2) +- a (x^3 - b^2 x) and the same with a and b exchanged.
    const Vec both = constant(-(kA2 + kB2)), a2 = constant(-kA2), b2 = constant(-kB2), a = constant(kA),
              b = constant(kB);
    t[0] = fma(both, d[2], d[4]) + d[0];
    t[5] = fma(both, d[3], d[5]) + d[1];
    const Vec even_a = fma(b2, d[2], d[4]), odd_a = fma(b2, d[1], d[3]);
    const Vec even_b = fma(a2, d[2], d[4]), odd_b = fma(a2, d[1], d[3]);
    t[1] = fma(a, odd_a, even_a);
    t[2] = fma(constant(-kA), odd_a, even_a);
    t[3] = fma(b, odd_b, even_b);
    t[4] = fma(constant(-kB), odd_b, even_b);
  }
  static FOVEA_INLINE void output(const Vec (&m)[6], Vec (&y)[4]) {
    const Vec plus_a = m[1] + m[2], minus_a = m[1] - m[2], plus_b = m[3] + m[4], minus_b = m[3] - m[4];
    y[0] = (m[0] + plus_a) + plus_b;
    y[1] = fma(constant(kB), minus_b, constant(kA) * minus_a);
    y[2] = fma(constant(kB2), plus_b, constant(kA2) * plus_a);
    y[3] = fma(constant(kB2 * kB), minus_b, fma(constant(kA2 * kA), minus_a, m[5]));
  }
};

struct Lines2 : Winograd2 {
  static FOVEA_INLINE void input(const Vec (&d)[4], Vec (&t)[4]) {
    t[0] = d[0] - d[2];
    t[1] = d[1] + d[2];
    t[2] = d[2] - d[1];
    t[3] = d[3] - d[1];
  }
  static FOVEA_INLINE void output(const Vec (&m)[4], Vec (&y)[2]) {
    y[0] = (m[0] + m[1]) + m[2];
    y[1] = (m[1] - m[2]) + m[3];
  }
};

// The input pixels of one tile: in place where the tile lies inside the image, else copied with zeros around them.
struct TilePixels {
  const float* data;
  std::int64_t row_stride;
};

template <int Span>
TilePixels edge_tile(const WinogradInputArgs& a, int y0, int x0, float* copy) {
  for (int y = 0; y < Span; ++y) {
    for (int x = 0; x < Span; ++x) {
      const bool inside = y0 + y >= 0 && y0 + y < a.h && x0 + x >= 0 && x0 + x < a.w;
      const float* from = a.in + (std::int64_t{y0 + y} * a.w + x0 + x) * 16;
      store16(copy + (y * Span + x) * 16, inside ? load16(from) : broadcast16(0));
    }
  }
  return {copy, Span * 16};
}

template <class Lines>
void input_transform(const WinogradInputArgs& a) noexcept {
  constexpr int kSpan = Lines::kSpan;
  alignas(64) float copy[kSpan * kSpan * 16];
  for (int t = a.tile_begin; t < a.tile_end; ++t) {
    const int y0 = t / a.tiles_x * Lines::kTile - a.pad_top, x0 = t % a.tiles_x * Lines::kTile - a.pad_left;
    const bool inside = y0 >= 0 && x0 >= 0 && y0 + kSpan <= a.h && x0 + kSpan <= a.w;
    const TilePixels tile = inside ? TilePixels{a.in + (std::int64_t{y0} * a.w + x0) * 16, std::int64_t{a.w} * 16}
                                   : edge_tile<kSpan>(a, y0, x0, copy);
    float* out = a.out + std::int64_t{t - a.tile_begin} * 16;
    for (int lane = 0; lane < 16; lane += kVecLanes) {
      Vec columns[kSpan][kSpan];
#pragma GCC unroll 6
      for (int x = 0; x < kSpan; ++x) {
        Vec d[kSpan], v[kSpan];
#pragma GCC unroll 6
        for (int y = 0; y < kSpan; ++y) d[y] = load(tile.data + y * tile.row_stride + x * 16 + lane);
        Lines::input(d, v);
#pragma GCC unroll 6
        for (int y = 0; y < kSpan; ++y) columns[y][x] = v[y];
      }
#pragma GCC unroll 6
      for (int y = 0; y < kSpan; ++y) {
        Vec v[kSpan];
        Lines::input(columns[y], v);
#pragma GCC unroll 6
        for (int x = 0; x < kSpan; ++x) v[x].store_unaligned(out + (y * kSpan + x) * a.position_stride + lane);
      }
    }
  }
}

template <class Lines>
void output_transform(const WinogradOutputArgs& a) noexcept {
  constexpr int kSpan = Lines::kSpan, kTile = Lines::kTile;
  const Vec lo(a.clamp.lo), hi(a.clamp.hi);
  for (int t = a.tile_begin; t < a.tile_end; ++t) {
    const int y0 = t / a.tiles_x * kTile, x0 = t % a.tiles_x * kTile;
    const int rows = a.h - y0 < kTile ? a.h - y0 : kTile, cols = a.w - x0 < kTile ? a.w - x0 : kTile;
    const float* in = a.in + std::int64_t{t - a.tile_begin} * 16;
    for (int lane = 0; lane < 16; lane += kVecLanes) {
      Vec columns[kTile][kSpan];
#pragma GCC unroll 6
      for (int x = 0; x < kSpan; ++x) {
        Vec m[kSpan], v[kTile];
#pragma GCC unroll 6
        for (int y = 0; y < kSpan; ++y) m[y] = load(in + (y * kSpan + x) * a.position_stride + lane);
        Lines::output(m, v);
#pragma GCC unroll 4
        for (int y = 0; y < kTile; ++y) columns[y][x] = v[y];
      }
      const Vec bias = load(a.bias + lane);
#pragma GCC unroll 4
      for (int y = 0; y < kTile; ++y) {
        if (y >= rows) break;
        Vec v[kTile];
        Lines::output(columns[y], v);
        const std::int64_t at = (std::int64_t{y0 + y} * a.w + x0) * 16 + lane;
#pragma GCC unroll 4
        for (int x = 0; x < kTile; ++x) {
          if (x >= cols) break;
          Vec sum = v[x];
          if (a.residual != nullptr) sum = load(a.residual + at + x * 16) + sum;
          min(hi, max(lo, sum + bias)).store_unaligned(a.out + at + x * 16);
        }
      }
    }
  }
}

}  // namespace

WinogradKernels winograd_kernels() {
  return {.input4_f32_c16 = input_transform<Lines4>,
          .output4_f32_c16 = output_transform<Lines4>,
          .input2_f32_c16 = input_transform<Lines2>,
          .output2_f32_c16 = output_transform<Lines2>};
}

}  // namespace fovea::FOVEA_NS
