// Small blocks of bytes and words turned from columns into rows.
#pragma once

#include <cstdint>

#include "kernels/simd/words.h"

namespace fovea::FOVEA_NS {

// Eight words of eight rows each, kStride words apart: out[16 * j] becomes word j of all of them.
template <int kStride>
FOVEA_INLINE void transpose_words(const std::uint16_t* in, std::uint16_t* out) {
  Bytes16 a[8], b[8];
#pragma GCC unroll 8
  for (int i = 0; i < 8; ++i) a[i] = load_bytes16(in + kStride * i);
#pragma GCC unroll 3
  for (int step = 0; step < 3; ++step) {  // three times the first half is shuffled with the second, word by word
#pragma GCC unroll 4
    for (int i = 0; i < 4; ++i) {
      b[2 * i] = zip_low_words(a[i], a[i + 4]);
      b[2 * i + 1] = zip_high_words(a[i], a[i + 4]);
    }
#pragma GCC unroll 8
    for (int i = 0; i < 8; ++i) a[i] = b[i];
  }
#pragma GCC unroll 8
  for (int i = 0; i < 8; ++i) store_bytes16(out + 16 * i, a[i]);
}

// Sixteen values of sixteen rows become rows, kStride bytes apart. Value k stands at in(k): four times the first half
// is shuffled with the second, byte by byte.
template <int kStride, class In>
FOVEA_INLINE void transpose_bytes(In in, std::uint8_t* out) {
  Bytes16 a[16], b[16];
#pragma GCC unroll 16
  for (int i = 0; i < 16; ++i) a[i] = load_bytes16(in(i));
#pragma GCC unroll 4
  for (int step = 0; step < 4; ++step) {
#pragma GCC unroll 8
    for (int i = 0; i < 8; ++i) {
      b[2 * i] = zip_low_bytes(a[i], a[i + 8]);
      b[2 * i + 1] = zip_high_bytes(a[i], a[i + 8]);
    }
#pragma GCC unroll 16
    for (int i = 0; i < 16; ++i) a[i] = b[i];
  }
#pragma GCC unroll 16
  for (int i = 0; i < 16; ++i) store_bytes16(out + kStride * i, a[i]);
}

}  // namespace fovea::FOVEA_NS
