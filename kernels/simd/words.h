// Bytes and 16-bit words for the image kernels: Words32, thirty-two words in the same order on every instruction set,
// and what leads from bytes and words to Lanes16 and back. The compiler's own vectors, as wide as Vec: xsimd 8.1 has no
// conversions between lanes of different width.
#pragma once

#include "kernels/simd/vec.h"

namespace fovea::FOVEA_NS {
namespace {

#define FOVEA_VECTOR_OF(type, lanes) type __attribute__((vector_size((lanes) * sizeof(type))))

using Words = FOVEA_VECTOR_OF(std::uint16_t, 2 * kVecLanes);
using WordBytes = FOVEA_VECTOR_OF(std::uint8_t, 2 * kVecLanes);
using Bytes = FOVEA_VECTOR_OF(std::uint8_t, kVecLanes);
using HalfWords = FOVEA_VECTOR_OF(std::uint16_t, kVecLanes);
using Ints = FOVEA_VECTOR_OF(std::int32_t, kVecLanes);
using Floats = FOVEA_VECTOR_OF(float, kVecLanes);

template <class T>
FOVEA_INLINE T load_any(const void* p) {
  T x;
  __builtin_memcpy(&x, p, sizeof(T));
  return x;
}

struct Words32 {
  Words v[kVecs];
};

template <class F>
FOVEA_INLINE Words32 each_words(F f) {
  Words32 r;
#pragma GCC unroll 4
  for (int i = 0; i < kVecs; ++i) r.v[i] = f(i);
  return r;
}

FOVEA_INLINE Words32 load32(const std::uint16_t* p) {
  return each_words([&](int i) { return load_any<Words>(p + i * 2 * kVecLanes); });
}
FOVEA_INLINE Words32 load32(const std::uint8_t* p) {
  return each_words([&](int i) { return __builtin_convertvector(load_any<WordBytes>(p + i * 2 * kVecLanes), Words); });
}
FOVEA_INLINE void store32(std::uint16_t* p, const Words32& a) { __builtin_memcpy(p, &a, sizeof(a)); }
FOVEA_INLINE Words32 broadcast32(std::uint16_t x) {
  return each_words([&](int) { return x - Words{}; });
}
FOVEA_INLINE Words32 operator+(const Words32& a, const Words32& b) {
  return each_words([&](int i) { return a.v[i] + b.v[i]; });
}
FOVEA_INLINE Words32 operator-(const Words32& a, const Words32& b) {
  return each_words([&](int i) { return a.v[i] - b.v[i]; });
}
FOVEA_INLINE Words32 operator*(const Words32& a, const Words32& b) {
  return each_words([&](int i) { return a.v[i] * b.v[i]; });
}

// The words as signed numbers, brought into [0, 255].
FOVEA_INLINE void store32_saturated(std::uint8_t* p, const Words32& a) {
  if constexpr (kVecs == 1) {
    using Signed = FOVEA_VECTOR_OF(std::int16_t, 2 * kVecLanes);
    const Signed x = load_any<Signed>(&a), positive = x > 0 ? x : Signed{};
    const WordBytes bytes = __builtin_convertvector(positive < 255 ? positive : 255 - Signed{}, WordBytes);
    __builtin_memcpy(p, &bytes, sizeof(bytes));
  } else {
    alignas(64) std::uint16_t words[32];
    store32(words, a);
#pragma GCC unroll 2
    for (int i = 0; i < 32; i += 16) saturate_words16(p + i, words + i);
  }
}

FOVEA_INLINE Vec from_ints(Ints x) {
  const Floats f = __builtin_convertvector(x, Floats);
  return load_any<Vec>(&f);
}
FOVEA_INLINE Ints to_ints(Vec x) { return __builtin_convertvector(load_any<Floats>(&x), Ints); }

// By way of words: g++ 12 takes bytes apart one by one if they become ints in one step.
FOVEA_INLINE Lanes16 load16(const std::uint8_t* p) {
  return each([&](int i) {
    const HalfWords words = __builtin_convertvector(load_any<Bytes>(p + i * kVecLanes), HalfWords);
    return from_ints(__builtin_convertvector(words, Ints));
  });
}
// The words as signed numbers.
FOVEA_INLINE Lanes16 load16_signed(const std::uint16_t* p) {
  using Signed = FOVEA_VECTOR_OF(std::int16_t, kVecLanes);
  return each([&](int i) { return from_ints(__builtin_convertvector(load_any<Signed>(p + i * kVecLanes), Ints)); });
}
// The lanes, whole numbers in [0, 2^31), shifted right to fit in bytes. g++ 12 has one instruction for it on AVX-512,
// and no good way elsewhere: there through memory, four ints at a time.
template <int kShift>
FOVEA_INLINE void store16_bytes(std::uint8_t* p, const Lanes16& a) {
  if constexpr (kVecs == 1) {
    const Bytes bytes = __builtin_convertvector(to_ints(a.v[0]) >> kShift, Bytes);
    __builtin_memcpy(p, &bytes, sizeof(bytes));
  } else {
    alignas(64) std::int32_t ints[16];
#pragma GCC unroll 4
    for (int i = 0; i < kVecs; ++i) {
      const Ints shifted = to_ints(a.v[i]) >> kShift;
      __builtin_memcpy(ints + i * kVecLanes, &shifted, sizeof(shifted));
    }
    saturate_ints16(p, ints);
  }
}

// Rounds half to even and saturates as cv::saturate_cast<uchar>(float) does: what no int can hold becomes 0.
FOVEA_INLINE Lanes16 round_to_byte(const Lanes16& a) {
  const Vec magic(12582912.0f), too_large(2147483648.0f), zero(0.0f), full(255.0f);
  return each([&](int i) {
    const Vec x = select(a.v[i] < too_large, a.v[i], zero);
    return (min(full, max(zero, x)) + magic) - magic;
  });
}

}  // namespace
}  // namespace fovea::FOVEA_NS
