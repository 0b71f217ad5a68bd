// Our own exp: the same bits on every instruction set with FMA, within 2 ulp.
#pragma once

#include "kernels/simd/vec.h"

namespace fovea::FOVEA_NS {
namespace {

// exp(x) = 2^n * exp(r) with n = round(x / ln 2), |r| <= ln(2) / 2, ln 2 split in two parts so that r is exact to well
// below an ulp; exp(r) is its Taylor polynomial of degree 7 (remainder 2e-9 relative at the ends of the interval).
// NaN stays: it is the second operand of both bounds, and of all that follows.
FOVEA_INLINE Vec exp_vec(Vec x) {
  const Vec lo(-104.0f), hi(89.0f);
  const Vec y = min(hi, max(lo, x));
  const Vec magic(12582912.0f);  // 1.5 * 2^23: adding it rounds to a whole number
  const Vec n = fma(y, Vec(1.44269504f), magic) - magic;
  Vec r = fma(n, Vec(-0.693145752f), y);
  r = fma(n, Vec(-1.42860677e-6f), r);
  Vec p(1.98412698e-4f);
  p = fma(p, r, Vec(1.38888889e-3f));
  p = fma(p, r, Vec(8.33333333e-3f));
  p = fma(p, r, Vec(4.16666667e-2f));
  p = fma(p, r, Vec(1.66666667e-1f));
  p = fma(p, r, Vec(0.5f));
  p = fma(p, r, Vec(1.0f));
  p = fma(p, r, Vec(1.0f));
  return times_power_of_two(p, n);
}

FOVEA_INLINE Lanes16 exp16(const Lanes16& a) {
  return each([&](int i) { return exp_vec(a.v[i]); });
}

}  // namespace
}  // namespace fovea::FOVEA_NS
