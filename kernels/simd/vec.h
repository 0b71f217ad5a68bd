// The vocabulary of all kernels: Lanes16, sixteen floats in the same order on every instruction set (one register on
// AVX-512, two on AVX2, four on SSE2), over the instruction set's own words (FOVEA_SIMD: kernels/simd/x86.h).
#pragma once

#include <cstdint>

#include "kernels/args/common.h"
#include FOVEA_SIMD

namespace fovea::FOVEA_NS {
namespace {

inline constexpr int kVecLanes = static_cast<int>(Vec::size);
inline constexpr int kVecs = 16 / kVecLanes;

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
  return each([&](int i) { return max(a.v[i], b.v[i]); });
}
FOVEA_INLINE Lanes16 min(const Lanes16& a, const Lanes16& b) {
  return each([&](int i) { return min(a.v[i], b.v[i]); });
}

// max() as above, but NaN in either operand stays: for pooling, where both sides are data. a == a is false for NaN on
// every instruction set; xsimd's a != a is an ordered comparison on AVX, false for NaN as well.
FOVEA_INLINE Lanes16 max_keep_nan(const Lanes16& a, const Lanes16& b) {
  return each([&](int i) { return select(a.v[i] == a.v[i], max(a.v[i], b.v[i]), a.v[i]); });
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
