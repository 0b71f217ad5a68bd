// A pixel of up to four samples in a register, as bytes and as 16-bit words: what undoing PNG's filters takes, in the
// words of SSE2 and of 64-bit ARM.
#pragma once

#if defined(__aarch64__)
#include <arm_neon.h>
#else
#include <emmintrin.h>
#endif

#include <cstdint>

namespace fovea::pixel_simd {

#if defined(__aarch64__)

using Pixel = uint8x8_t;
using Words = int16x8_t;

inline Pixel from_bits(std::uint32_t bits) { return vcreate_u8(bits); }
inline std::uint32_t to_bits(Pixel x) { return vget_lane_u32(vreinterpret_u32_u8(x), 0); }
inline Pixel add(Pixel a, Pixel b) { return vadd_u8(a, b); }
/// floor((a + b) / 2)
inline Pixel average(Pixel a, Pixel b) { return vhadd_u8(a, b); }
inline Words widen(Pixel x) { return vreinterpretq_s16_u16(vmovl_u8(x)); }
/// Of words from 0 to 255.
inline Pixel narrow(Words x) { return vqmovun_s16(x); }
inline Words add(Words a, Words b) { return vaddq_s16(a, b); }
inline Words subtract(Words a, Words b) { return vsubq_s16(a, b); }
inline Words absolute(Words x) { return vabsq_s16(x); }
inline Words smaller(Words a, Words b) { return vminq_s16(a, b); }
/// `yes` where a and b are equal.
inline Words select_equal(Words a, Words b, Words yes, Words no) { return vbslq_s16(vceqq_s16(a, b), yes, no); }

#else

struct Pixel {
  __m128i data;
};
struct Words {
  __m128i data;
};

inline Pixel from_bits(std::uint32_t bits) { return {_mm_cvtsi32_si128(static_cast<int>(bits))}; }
inline std::uint32_t to_bits(Pixel x) { return static_cast<std::uint32_t>(_mm_cvtsi128_si32(x.data)); }
inline Pixel add(Pixel a, Pixel b) { return {_mm_add_epi8(a.data, b.data)}; }
/// floor((a + b) / 2): avg rounds higher, which the lowest bit of the difference takes back.
inline Pixel average(Pixel a, Pixel b) {
  const __m128i odd = _mm_and_si128(_mm_xor_si128(a.data, b.data), _mm_set1_epi8(1));
  return {_mm_sub_epi8(_mm_avg_epu8(a.data, b.data), odd)};
}
inline Words widen(Pixel x) { return {_mm_unpacklo_epi8(x.data, _mm_setzero_si128())}; }
/// Of words from 0 to 255.
inline Pixel narrow(Words x) { return {_mm_packus_epi16(x.data, x.data)}; }
inline Words add(Words a, Words b) { return {_mm_add_epi16(a.data, b.data)}; }
inline Words subtract(Words a, Words b) { return {_mm_sub_epi16(a.data, b.data)}; }
inline Words absolute(Words x) { return {_mm_max_epi16(x.data, _mm_sub_epi16(_mm_setzero_si128(), x.data))}; }
inline Words smaller(Words a, Words b) { return {_mm_min_epi16(a.data, b.data)}; }
/// `yes` where a and b are equal.
inline Words select_equal(Words a, Words b, Words yes, Words no) {
  const __m128i mask = _mm_cmpeq_epi16(a.data, b.data);
  return {_mm_or_si128(_mm_and_si128(mask, yes.data), _mm_andnot_si128(mask, no.data))};
}

#endif

}  // namespace fovea::pixel_simd
