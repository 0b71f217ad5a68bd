// x86-64 from SSE2 to AVX-512: all that the kernels say in words of one instruction set. What xsimd 8.1 lacks, and what
// the image kernels do with sixteen bytes at a time. The only header of kernels/ with an #if on an instruction set or
// with intrinsics: another family of processors brings one of its own with the same names.
#pragma once

#include <immintrin.h>

#include <cstdint>
#include <xsimd/xsimd.hpp>

namespace fovea::FOVEA_NS {
namespace {

#define FOVEA_INLINE inline __attribute__((always_inline))

using Arch = xsimd::FOVEA_ARCH;
using Vec = xsimd::batch<float, Arch>;

// The register tile of convolutions, see kernels/conv.cpp.
#if defined(__AVX512F__)
inline constexpr int kConvPixels = 14, kConvPanelBlocks = 2;
#elif defined(__FMA__)
inline constexpr int kConvPixels = 6, kConvPanelBlocks = 1;
#else
inline constexpr int kConvPixels = 3, kConvPanelBlocks = 1;
#endif
// Gaussian sums in a row: eight registers of them.
inline constexpr int kGaussianTile = static_cast<int>(Vec::size) / 2;

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

// Without this g++ loads what was loaded again for each FMA. Where the registers of a tile are many only.
FOVEA_INLINE void keep_in_register([[maybe_unused]] Vec& x) {
#if defined(__AVX512F__)
  asm("" : "+v"(x.data));
#endif
}

// Sixteen bytes, eight words or four ints; four floats, with the operators of the compiler's vectors.
using Bytes16 = __m128i;
using Floats4 = __m128;

FOVEA_INLINE Bytes16 load_bytes16(const void* p) { return _mm_loadu_si128(static_cast<const __m128i*>(p)); }
// Eight bytes, zeros after them.
FOVEA_INLINE Bytes16 load_bytes8(const void* p) { return _mm_loadl_epi64(static_cast<const __m128i*>(p)); }
// Four bytes, zeros after them.
FOVEA_INLINE Bytes16 from_bytes4(std::int32_t bytes) { return _mm_cvtsi32_si128(bytes); }
FOVEA_INLINE void store_bytes16(void* p, Bytes16 a) { _mm_storeu_si128(static_cast<__m128i*>(p), a); }

// The first (last) halves of a and b, shuffled into each other byte by byte or word by word: a0 b0 a1 b1 ...
FOVEA_INLINE Bytes16 zip_low_bytes(Bytes16 a, Bytes16 b) { return _mm_unpacklo_epi8(a, b); }
FOVEA_INLINE Bytes16 zip_high_bytes(Bytes16 a, Bytes16 b) { return _mm_unpackhi_epi8(a, b); }
FOVEA_INLINE Bytes16 zip_low_words(Bytes16 a, Bytes16 b) { return _mm_unpacklo_epi16(a, b); }
FOVEA_INLINE Bytes16 zip_high_words(Bytes16 a, Bytes16 b) { return _mm_unpackhi_epi16(a, b); }

// Without its first kCount bytes, zeros at the end.
template <int kCount>
FOVEA_INLINE Bytes16 drop_bytes(Bytes16 a) {
  return _mm_srli_si128(a, kCount);
}
// The first eight bytes as words.
FOVEA_INLINE Bytes16 widen_bytes(Bytes16 a) { return _mm_unpacklo_epi8(a, _mm_setzero_si128()); }
// The first four words, from 0 to 2^16 - 1, as floats.
FOVEA_INLINE Floats4 words_to_floats(Bytes16 a) { return _mm_cvtepi32_ps(_mm_unpacklo_epi16(a, _mm_setzero_si128())); }

// Two words in all four ints.
FOVEA_INLINE Bytes16 broadcast_words2(const std::int16_t* p) {
  std::int32_t pair;
  __builtin_memcpy(&pair, p, sizeof(pair));
  return _mm_set1_epi32(pair);
}
// Four ints, each the sum of two products of words.
FOVEA_INLINE Bytes16 multiply_pairs(Bytes16 a, Bytes16 b) { return _mm_madd_epi16(a, b); }
FOVEA_INLINE Bytes16 add_ints(Bytes16 a, Bytes16 b) { return _mm_add_epi32(a, b); }
template <int kCount>
FOVEA_INLINE Bytes16 shift_right_ints(Bytes16 a) {
  return _mm_srai_epi32(a, kCount);
}
// Four ints as saturated words.
FOVEA_INLINE void store_words4(std::int16_t* p, Bytes16 ints) {
  _mm_storel_epi64(reinterpret_cast<__m128i*>(p), _mm_packs_epi32(ints, ints));
}

FOVEA_INLINE Floats4 broadcast_floats4(float x) { return _mm_set1_ps(x); }
FOVEA_INLINE Floats4 ints_to_floats(Bytes16 a) { return _mm_cvtepi32_ps(a); }
FOVEA_INLINE void store_floats4(float* p, Floats4 a) { _mm_storeu_ps(p, a); }

// Sixteen words as signed numbers, at an address that is a multiple of 16, brought into [0, 255].
FOVEA_INLINE void saturate_words16(std::uint8_t* p, const std::uint16_t* words) {
  const auto eight = [&](int k) { return _mm_load_si128(reinterpret_cast<const __m128i*>(words + k)); };
  _mm_storeu_si128(reinterpret_cast<__m128i*>(p), _mm_packus_epi16(eight(0), eight(8)));
}
// The same of ints.
FOVEA_INLINE void saturate_ints16(std::uint8_t* p, const std::int32_t* ints) {
  const auto four = [&](int i) { return _mm_load_si128(reinterpret_cast<const __m128i*>(ints + i)); };
  const __m128i low = _mm_packs_epi32(four(0), four(4)), high = _mm_packs_epi32(four(8), four(12));
  _mm_storeu_si128(reinterpret_cast<__m128i*>(p), _mm_packus_epi16(low, high));
}

}  // namespace
}  // namespace fovea::FOVEA_NS
