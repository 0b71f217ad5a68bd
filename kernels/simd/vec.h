// The vocabulary of all kernels: Lanes16, sixteen floats in the same order on every instruction set (one register on
// AVX-512, two on AVX2, four on SSE2). The only file with an #if on an instruction set.
#pragma once

#include <immintrin.h>

#include <cstdint>
#include <xsimd/xsimd.hpp>

#include "kernels/args/common.h"

namespace fovea::FOVEA_NS {
namespace {

#define FOVEA_INLINE inline __attribute__((always_inline))

using Arch = xsimd::FOVEA_ARCH;
using Vec = xsimd::batch<float, Arch>;

inline constexpr int kVecLanes = static_cast<int>(Vec::size);
inline constexpr int kVecs = 16 / kVecLanes;

// a * b + c with one rounding. Debian's xsimd 8.1 has no fma for AVX-512 (it multiplies, then adds), hence intrinsics.
FOVEA_INLINE Vec fma(Vec a, Vec b, Vec c) {
#if defined(__AVX512F__)
  return _mm512_fmadd_ps(a, b, c);
#elif defined(__FMA__)
  return _mm256_fmadd_ps(a, b, c);
#else
  return a * b + c;  // SSE2 has none: two roundings, closeness only
#endif
}

// 2^n for whole n in [-126, 127].
FOVEA_INLINE Vec power_of_two(Vec n) {
#if defined(__AVX512F__)
  const __m512i bits = _mm512_slli_epi32(_mm512_add_epi32(_mm512_cvtps_epi32(n), _mm512_set1_epi32(127)), 23);
  return _mm512_castsi512_ps(bits);
#elif defined(__FMA__)
  const __m256i bits = _mm256_slli_epi32(_mm256_add_epi32(_mm256_cvtps_epi32(n), _mm256_set1_epi32(127)), 23);
  return _mm256_castsi256_ps(bits);
#else
  const __m128i bits = _mm_slli_epi32(_mm_add_epi32(_mm_cvtps_epi32(n), _mm_set1_epi32(127)), 23);
  return _mm_castsi128_ps(bits);
#endif
}

// a * 2^n for a between 1/2 and 2 and whole n in [-252, 254]: rounded once into the denormal range, and what overflows
// is infinite.
FOVEA_INLINE Vec times_power_of_two(Vec a, Vec n) {
#if defined(__AVX512F__)
  return _mm512_scalef_ps(a, n);
#else
  const Vec magic(12582912.0f), half = fma(n, Vec(0.5f), magic) - magic;
  return (a * power_of_two(half)) * power_of_two(n - half);
#endif
}

struct Lanes16 {
  Vec v[kVecs];
};

// Applies f to each register. Fully unrolled, so that the registers never become memory.
template <class F>
FOVEA_INLINE Lanes16 each(F f) {
  Lanes16 r;
#pragma GCC unroll 4
  for (int i = 0; i < kVecs; ++i) r.v[i] = f(i);
  return r;
}

FOVEA_INLINE Lanes16 load16(const float* p) {
  return each([&](int i) { return Vec::load_unaligned(p + i * kVecLanes); });
}
FOVEA_INLINE void store16(float* p, const Lanes16& a) {
#pragma GCC unroll 4
  for (int i = 0; i < kVecs; ++i) a.v[i].store_unaligned(p + i * kVecLanes);
}
// The first `count` values of p, the other lanes `fill`.
FOVEA_INLINE Lanes16 load_first16(const float* p, int count, float fill) {
  if (count >= 16) return load16(p);
  float x[16];
  for (int i = 0; i < 16; ++i) x[i] = i < count ? p[i] : fill;
  return load16(x);
}
FOVEA_INLINE Lanes16 broadcast16(float x) {
  return each([&](int) { return Vec(x); });
}
FOVEA_INLINE Lanes16 fma(const Lanes16& a, const Lanes16& b, const Lanes16& c) {
  return each([&](int i) { return fma(a.v[i], b.v[i], c.v[i]); });
}
FOVEA_INLINE Lanes16 operator+(const Lanes16& a, const Lanes16& b) {
  return each([&](int i) { return a.v[i] + b.v[i]; });
}
FOVEA_INLINE Lanes16 operator-(const Lanes16& a, const Lanes16& b) {
  return each([&](int i) { return a.v[i] - b.v[i]; });
}
FOVEA_INLINE Lanes16 operator*(const Lanes16& a, const Lanes16& b) {
  return each([&](int i) { return a.v[i] * b.v[i]; });
}
FOVEA_INLINE Lanes16 operator/(const Lanes16& a, const Lanes16& b) {
  return each([&](int i) { return a.v[i] / b.v[i]; });
}
// As the instruction does: the second operand if either is NaN, so that max(bound, x) keeps a NaN x.
FOVEA_INLINE Lanes16 max(const Lanes16& a, const Lanes16& b) {
  return each([&](int i) { return xsimd::max(a.v[i], b.v[i]); });
}
FOVEA_INLINE Lanes16 min(const Lanes16& a, const Lanes16& b) {
  return each([&](int i) { return xsimd::min(a.v[i], b.v[i]); });
}

// max() as above, but NaN in either operand stays: for pooling, where both sides are data. a == a is false for NaN on
// every instruction set; xsimd's a != a is an ordered comparison on AVX, false for NaN as well.
FOVEA_INLINE Lanes16 max_keep_nan(const Lanes16& a, const Lanes16& b) {
  return each([&](int i) { return xsimd::select(a.v[i] == a.v[i], xsimd::max(a.v[i], b.v[i]), a.v[i]); });
}

struct Bounds {
  Lanes16 lo, hi;
};
FOVEA_INLINE Bounds bounds(const Clamp& c) { return {broadcast16(c.lo), broadcast16(c.hi)}; }
FOVEA_INLINE Lanes16 clamp16(const Lanes16& x, const Bounds& b) { return min(b.hi, max(b.lo, x)); }

// Sum of the sixteen lanes as a tree over their positions: the same order on every instruction set. max16 ignores NaN.
FOVEA_INLINE float sum16(const Lanes16& a) {
  float x[16];
  store16(x, a);
  for (int width = 8; width > 0; width /= 2) {
    for (int i = 0; i < width; ++i) x[i] = x[i] + x[i + width];
  }
  return x[0];
}
FOVEA_INLINE float max16(const Lanes16& a) {
  float x[16];
  store16(x, a);
  float best = x[0];
  for (int i = 1; i < 16; ++i) best = x[i] > best ? x[i] : best;
  return best;
}

}  // namespace
}  // namespace fovea::FOVEA_NS
