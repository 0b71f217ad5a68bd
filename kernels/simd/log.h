// Logarithms on top of our own arithmetic: the same bits on every instruction set with FMA.
#pragma once

#include "kernels/simd/vec.h"

namespace fovea::FOVEA_NS {
namespace {

// log(1 + u) for 0 <= u <= 1 by the series of 2 atanh(s), s = u / (2 + u) <= 1/3.
FOVEA_INLINE Vec log1p_vec(Vec u) {
  const Vec s = u / (Vec(2.0f) + u), z = s * s;
  Vec p(1.0f / 15);
  p = fma(p, z, Vec(1.0f / 13));
  p = fma(p, z, Vec(1.0f / 11));
  p = fma(p, z, Vec(1.0f / 9));
  p = fma(p, z, Vec(1.0f / 7));
  p = fma(p, z, Vec(1.0f / 5));
  p = fma(p, z, Vec(1.0f / 3));
  const Vec twice = s + s;
  return fma(p * z, twice, twice);
}

// log(x) for a finite x >= 1, lane by lane: x = 2^n * (1 + u), ln 2 in two parts.
FOVEA_INLINE Lanes16 log_from_one16(const Lanes16& x) {
  float values[16], exponents[16], fractions[16];
  store16(values, x);
  for (int i = 0; i < 16; ++i) {
    const std::uint32_t bits = __builtin_bit_cast(std::uint32_t, values[i]);
    exponents[i] = static_cast<float>(static_cast<std::int32_t>(bits >> 23) - 127);
    fractions[i] = __builtin_bit_cast(float, (bits & 0x7fffffu) | 0x3f800000u) - 1.0f;
  }
  const Lanes16 n = load16(exponents), u = load16(fractions);
  const Lanes16 small = each([&](int i) { return fma(n.v[i], Vec(1.42860677e-6f), log1p_vec(u.v[i])); });
  const Lanes16 log = fma(n, broadcast16(0.693145752f), small);
  return each([&](int i) { return select(x.v[i] == x.v[i], log.v[i], x.v[i]); });  // NaN stays
}

}  // namespace
}  // namespace fovea::FOVEA_NS
