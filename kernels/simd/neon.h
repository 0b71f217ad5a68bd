// 64-bit ARM with Advanced SIMD (NEON): the names of kernels/simd/x86.h in its words, with the same bits as AVX2.
// Nothing of xsimd: its 8.1 divides by an estimate here, and its minimum and maximum treat NaN and zeros as NEON does,
// not as x86.
#pragma once

#include <arm_neon.h>

#include <cstddef>
#include <cstdint>

namespace fovea::FOVEA_NS {
namespace {

#define FOVEA_INLINE inline __attribute__((always_inline))

// Of the 32 registers convolutions take 5 pixels x 1 block of 16 channels (4 registers) = 20 accumulators, 4 for
// weights and 5 for inputs: 29. A step of K is 20 FMAs, by an element of the input's register, 5 loads of one value and
// 2 of a pair of registers. 6 pixels would be 34: g++ 12 keeps all inputs of a step, and spills two accumulators in
// each.
inline constexpr int kConvPixels = 5, kConvPanelBlocks = 1;
// Gaussian sums in a row: 4 x 4 accumulators and 4 for what is added to one of them, 20.
inline constexpr int kGaussianTile = 4;

struct Vec {
  static constexpr std::size_t size = 4;
  float32x4_t data;

  Vec() = default;
  FOVEA_INLINE Vec(float x) : data(vdupq_n_f32(x)) {}
  FOVEA_INLINE Vec(float32x4_t x) : data(x) {}
  FOVEA_INLINE operator float32x4_t() const { return data; }
  static FOVEA_INLINE Vec load_unaligned(const float* p) { return vld1q_f32(p); }
  FOVEA_INLINE void store_unaligned(float* p) const { vst1q_f32(p, data); }
};

// All ones or zeros in each lane. Comparisons are false for NaN.
struct Mask {
  uint32x4_t data;
};

FOVEA_INLINE Vec operator+(Vec a, Vec b) { return vaddq_f32(a, b); }
FOVEA_INLINE Vec operator-(Vec a, Vec b) { return vsubq_f32(a, b); }
FOVEA_INLINE Vec operator*(Vec a, Vec b) { return vmulq_f32(a, b); }
FOVEA_INLINE Vec operator/(Vec a, Vec b) { return vdivq_f32(a, b); }
FOVEA_INLINE Mask operator==(Vec a, Vec b) { return {vceqq_f32(a, b)}; }
FOVEA_INLINE Mask operator<(Vec a, Vec b) { return {vcltq_f32(a, b)}; }
FOVEA_INLINE Mask operator<=(Vec a, Vec b) { return {vcleq_f32(a, b)}; }
FOVEA_INLINE Vec select(Mask which, Vec yes, Vec no) { return vbslq_f32(which.data, yes, no); }
FOVEA_INLINE Vec sqrt(Vec a) { return vsqrtq_f32(a); }

// As x86 has them: the second operand if either is NaN or both are zeros. A number too small to be normal comes out as
// zero where a run takes it for that (base/float_mode.h): a choice of bits alone would let it through, the maximum of a
// number with itself does not, and no compiler leaves it out as it does a multiplication by one.
FOVEA_INLINE Vec take_tiny(Vec a) { return vmaxq_f32(a, a); }
FOVEA_INLINE Vec max(Vec a, Vec b) { return take_tiny(vbslq_f32(vcgtq_f32(a, b), a, b)); }
FOVEA_INLINE Vec min(Vec a, Vec b) { return take_tiny(vbslq_f32(vcltq_f32(a, b), a, b)); }

// a * b + c with one rounding.
FOVEA_INLINE Vec fma(Vec a, Vec b, Vec c) { return vfmaq_f32(c, a, b); }

// 2^n for whole n in [-126, 127].
FOVEA_INLINE Vec power_of_two(Vec n) {
  return vreinterpretq_f32_s32(vshlq_n_s32(vaddq_s32(vcvtq_s32_f32(n), vdupq_n_s32(127)), 23));
}

// a * 2^n for a between 1/2 and 2 and whole n in [-252, 254]: rounded once into the denormal range, and what overflows
// is infinite.
FOVEA_INLINE Vec times_power_of_two(Vec a, Vec n) {
  const Vec magic(12582912.0f), half = fma(n, Vec(0.5f), magic) - magic;
  return (a * power_of_two(half)) * power_of_two(n - half);
}

// Here g++ has no FMA that reads memory, and keeps what it loaded.
FOVEA_INLINE void keep_in_register(Vec&) {}

// Sixteen bytes, eight words or four ints; four floats, with the operators of the compiler's vectors.
using Bytes16 = uint8x16_t;
using Floats4 = float32x4_t;

FOVEA_INLINE Bytes16 load_bytes16(const void* p) { return vld1q_u8(static_cast<const std::uint8_t*>(p)); }
// Eight bytes, zeros after them.
FOVEA_INLINE Bytes16 load_bytes8(const void* p) {
  return vcombine_u8(vld1_u8(static_cast<const std::uint8_t*>(p)), vdup_n_u8(0));
}
// Four bytes, zeros after them.
FOVEA_INLINE Bytes16 from_bytes4(std::int32_t bytes) {
  return vreinterpretq_u8_s32(vsetq_lane_s32(bytes, vdupq_n_s32(0), 0));
}
FOVEA_INLINE void store_bytes16(void* p, Bytes16 a) { vst1q_u8(static_cast<std::uint8_t*>(p), a); }

// The first (last) halves of a and b, shuffled into each other byte by byte or word by word: a0 b0 a1 b1 ...
FOVEA_INLINE uint16x8_t as_words(Bytes16 a) { return vreinterpretq_u16_u8(a); }
FOVEA_INLINE Bytes16 zip_low_bytes(Bytes16 a, Bytes16 b) { return vzip1q_u8(a, b); }
FOVEA_INLINE Bytes16 zip_high_bytes(Bytes16 a, Bytes16 b) { return vzip2q_u8(a, b); }
FOVEA_INLINE Bytes16 zip_low_words(Bytes16 a, Bytes16 b) {
  return vreinterpretq_u8_u16(vzip1q_u16(as_words(a), as_words(b)));
}
FOVEA_INLINE Bytes16 zip_high_words(Bytes16 a, Bytes16 b) {
  return vreinterpretq_u8_u16(vzip2q_u16(as_words(a), as_words(b)));
}

// Without its first kCount bytes, zeros at the end.
template <int kCount>
FOVEA_INLINE Bytes16 drop_bytes(Bytes16 a) {
  return vextq_u8(a, vdupq_n_u8(0), kCount);
}
// The first eight bytes as words.
FOVEA_INLINE Bytes16 widen_bytes(Bytes16 a) { return vreinterpretq_u8_u16(vmovl_u8(vget_low_u8(a))); }
// The first four words, from 0 to 2^16 - 1, as floats.
FOVEA_INLINE Floats4 words_to_floats(Bytes16 a) { return vcvtq_f32_u32(vmovl_u16(vget_low_u16(as_words(a)))); }

// Two words in all four ints.
FOVEA_INLINE Bytes16 broadcast_words2(const std::int16_t* p) {
  std::int32_t pair;
  __builtin_memcpy(&pair, p, sizeof(pair));
  return vreinterpretq_u8_s32(vdupq_n_s32(pair));
}
// Four ints, each the sum of two products of words.
FOVEA_INLINE Bytes16 multiply_pairs(Bytes16 a, Bytes16 b) {
  const int16x8_t x = vreinterpretq_s16_u8(a), y = vreinterpretq_s16_u8(b);
  const int32x4_t low = vmull_s16(vget_low_s16(x), vget_low_s16(y)), high = vmull_high_s16(x, y);
  return vreinterpretq_u8_s32(vpaddq_s32(low, high));
}
FOVEA_INLINE int32x4_t as_ints(Bytes16 a) { return vreinterpretq_s32_u8(a); }
FOVEA_INLINE Bytes16 add_ints(Bytes16 a, Bytes16 b) { return vreinterpretq_u8_s32(vaddq_s32(as_ints(a), as_ints(b))); }
template <int kCount>
FOVEA_INLINE Bytes16 shift_right_ints(Bytes16 a) {
  return vreinterpretq_u8_s32(vshrq_n_s32(as_ints(a), kCount));
}
// Four ints as saturated words.
FOVEA_INLINE void store_words4(std::int16_t* p, Bytes16 a) { vst1_s16(p, vqmovn_s32(as_ints(a))); }

FOVEA_INLINE Floats4 broadcast_floats4(float x) { return vdupq_n_f32(x); }
FOVEA_INLINE Floats4 ints_to_floats(Bytes16 a) { return vcvtq_f32_s32(as_ints(a)); }
FOVEA_INLINE void store_floats4(float* p, Floats4 a) { vst1q_f32(p, a); }

// Sixteen words as signed numbers, at an address that is a multiple of 16, brought into [0, 255].
FOVEA_INLINE void saturate_words16(std::uint8_t* p, const std::uint16_t* from) {
  const auto eight = [&](int k) { return vqmovun_s16(vreinterpretq_s16_u16(vld1q_u16(from + k))); };
  vst1q_u8(p, vcombine_u8(eight(0), eight(8)));
}
// The same of ints.
FOVEA_INLINE void saturate_ints16(std::uint8_t* p, const std::int32_t* from) {
  const auto four = [&](int i) { return vqmovn_s32(vld1q_s32(from + i)); };
  const auto eight = [&](int i) { return vqmovun_s16(vcombine_s16(four(i), four(i + 4))); };
  vst1q_u8(p, vcombine_u8(eight(0), eight(8)));
}

}  // namespace
}  // namespace fovea::FOVEA_NS
