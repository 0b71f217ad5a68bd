// SHA-256 by x86's SHA extensions: four rounds of each step in two instructions, which keep the state as the words
// a b e f and c d g h. Compiled for them function by function, and taken where the processor says that it has them.
#include "base/sha256.h"

#if defined(__x86_64__)
#include <cpuid.h>
#include <immintrin.h>

#include "base/sha256_constants.h"
#endif

namespace fovea {
#if defined(__x86_64__)
namespace {

#define FOVEA_SHA_TARGET __attribute__((target("sha,sse4.1")))

FOVEA_SHA_TARGET __m128i load(const void* from) noexcept { return _mm_loadu_si128(static_cast<const __m128i*>(from)); }

FOVEA_SHA_TARGET void add_blocks(Sha256State& state, const unsigned char* data, std::size_t blocks) noexcept {
  const __m128i big_endian = _mm_set_epi64x(0x0c0d0e0f08090a0b, 0x0405060700010203);
  // From a b c d and e f g h, the first word lowest, to f e b a and h g d c.
  const __m128i dcba = load(state.data()), hgfe = load(state.data() + 4);
  const __m128i badc = _mm_shuffle_epi32(dcba, 0xb1), efgh = _mm_shuffle_epi32(hgfe, 0x1b);
  __m128i abef = _mm_alignr_epi8(badc, efgh, 8);
  __m128i cdgh = _mm_blend_epi16(efgh, badc, 0xf0);

  for (; blocks > 0; --blocks, data += 64) {
    const __m128i abef_before = abef, cdgh_before = cdgh;
    __m128i w[4];  // the sixteen words of the schedule that are still needed, in a ring
    for (int i = 0; i < 4; ++i) w[i] = _mm_shuffle_epi8(load(data + 16 * i), big_endian);
#pragma GCC unroll 16
    for (int i = 0; i < 16; ++i) {
      const __m128i sum = _mm_add_epi32(w[i % 4], load(kSha256Rounds + 4 * i));
      cdgh = _mm_sha256rnds2_epu32(cdgh, abef, sum);
      abef = _mm_sha256rnds2_epu32(abef, cdgh, _mm_shuffle_epi32(sum, 0x0e));
      if (i >= 12) continue;
      const __m128i next = w[(i + 1) % 4], third = w[(i + 2) % 4], last = w[(i + 3) % 4];
      const __m128i begun = _mm_add_epi32(_mm_sha256msg1_epu32(w[i % 4], next), _mm_alignr_epi8(last, third, 4));
      w[i % 4] = _mm_sha256msg2_epu32(begun, last);
    }
    abef = _mm_add_epi32(abef, abef_before);
    cdgh = _mm_add_epi32(cdgh, cdgh_before);
  }

  const __m128i feba = _mm_shuffle_epi32(abef, 0x1b), dchg = _mm_shuffle_epi32(cdgh, 0xb1);
  _mm_storeu_si128(reinterpret_cast<__m128i*>(state.data()), _mm_blend_epi16(feba, dchg, 0xf0));
  _mm_storeu_si128(reinterpret_cast<__m128i*>(state.data() + 4), _mm_alignr_epi8(dchg, feba, 8));
}

/// g++ 12 and clang 14 do not know these extensions by name. Their registers are SSE's, which every system saves.
bool has_instructions() noexcept {
  unsigned a = 0, b = 0, c = 0, d = 0;
  constexpr unsigned kSsse3 = 1U << 9, kSse41 = 1U << 19, kSha = 1U << 29;
  if (__get_cpuid(1, &a, &b, &c, &d) == 0 || (c & kSsse3) == 0 || (c & kSse41) == 0) return false;
  return __get_cpuid_count(7, 0, &a, &b, &c, &d) != 0 && (b & kSha) != 0;
}

}  // namespace

Sha256Blocks sha256_instructions() noexcept {
  static const Sha256Blocks blocks = has_instructions() ? add_blocks : nullptr;
  return blocks;
}
#else
Sha256Blocks sha256_instructions() noexcept { return nullptr; }
#endif

}  // namespace fovea
