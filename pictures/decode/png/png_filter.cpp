// Each filter predicts a byte from those to the left, above, and above to the left. Where the left one takes part a row
// is a chain, pixel after pixel; pixels of three and four bytes keep it in a register, four samples at a time.
#include "pictures/decode/png/png_filter.h"

#include <emmintrin.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>

namespace fovea {
namespace {

enum Filter : std::uint8_t { none, sub, up, average, paeth_filter };

std::uint8_t paeth(int left, int above, int corner) {
  const int p = left + above - corner;
  const int a = std::abs(p - left), b = std::abs(p - above), c = std::abs(p - corner);
  return static_cast<std::uint8_t>(a <= b && a <= c ? left : b <= c ? above : corner);
}

std::uint8_t predict(Filter filter, int left, int above, int corner) {
  switch (filter) {
    case sub:
      return static_cast<std::uint8_t>(left);
    case average:
      return static_cast<std::uint8_t>((left + above) / 2);
    case paeth_filter:
      return paeth(left, above, corner);
    default:
      return 0;
  }
}

// Three bytes as two and one: gathered through memory they would have to wait for their own store.
template <std::size_t N>
__m128i load_pixel(const std::uint8_t* p) {
  std::uint32_t x = 0;
  if constexpr (N == 3) {
    std::uint16_t low = 0;
    std::memcpy(&low, p, 2);
    x = low | std::uint32_t{p[2]} << 16;
  } else {
    std::memcpy(&x, p, 4);
  }
  return _mm_cvtsi32_si128(static_cast<int>(x));
}
template <std::size_t N>
void store_pixel(std::uint8_t* p, __m128i x) {
  const std::uint32_t bits = static_cast<std::uint32_t>(_mm_cvtsi128_si32(x));
  std::memcpy(p, &bits, N == 3 ? 2 : 4);
  if constexpr (N == 3) p[2] = static_cast<std::uint8_t>(bits >> 16);
}

__m128i absolute(__m128i x) { return _mm_max_epi16(x, _mm_sub_epi16(_mm_setzero_si128(), x)); }
__m128i select(__m128i mask, __m128i yes, __m128i no) {
  return _mm_or_si128(_mm_and_si128(mask, yes), _mm_andnot_si128(mask, no));
}

// Samples as 16-bit numbers: the distances of p = left + above - corner from the three are |above - corner|,
// |left - corner| and the absolute sum of both differences.
__m128i paeth_pixel(__m128i left, __m128i above, __m128i corner) {
  const __m128i from_corner_a = _mm_sub_epi16(above, corner), from_corner_b = _mm_sub_epi16(left, corner);
  const __m128i a = absolute(from_corner_a), b = absolute(from_corner_b);
  const __m128i c = absolute(_mm_add_epi16(from_corner_a, from_corner_b));
  const __m128i least = _mm_min_epi16(c, _mm_min_epi16(a, b));
  return select(_mm_cmpeq_epi16(least, a), left, select(_mm_cmpeq_epi16(least, b), above, corner));
}

// floor((left + above) / 2): avg rounds higher, which the lowest bit of the difference takes back.
__m128i average_pixel(__m128i left, __m128i above) {
  return _mm_sub_epi8(_mm_avg_epu8(left, above), _mm_and_si128(_mm_xor_si128(left, above), _mm_set1_epi8(1)));
}

template <std::size_t N, Filter F>
void undo_pixels(const std::uint8_t* in, const std::uint8_t* above, std::size_t size, std::uint8_t* out) {
  const __m128i zero = _mm_setzero_si128();
  __m128i left = zero, corner = zero;
  for (std::size_t i = 0; i + N <= size; i += N) {
    const __m128i x = load_pixel<N>(in + i);
    if constexpr (F == sub) {
      left = _mm_add_epi8(x, left);
    } else if constexpr (F == average) {
      left = _mm_add_epi8(x, average_pixel(left, load_pixel<N>(above + i)));
    } else {
      const __m128i higher = _mm_unpacklo_epi8(load_pixel<N>(above + i), zero);
      const __m128i guess = paeth_pixel(_mm_unpacklo_epi8(left, zero), higher, corner);
      left = _mm_add_epi8(x, _mm_packus_epi16(guess, guess));
      corner = higher;
    }
    store_pixel<N>(out + i, left);
  }
}

template <Filter F>
void undo(const std::uint8_t* in, const std::uint8_t* above, std::size_t size, std::size_t pixel, std::uint8_t* out) {
  if (pixel == 3) return undo_pixels<3, F>(in, above, size, out);
  if (pixel == 4) return undo_pixels<4, F>(in, above, size, out);
  for (std::size_t i = 0; i < size; ++i) {
    const int left = i >= pixel ? out[i - pixel] : 0, corner = i >= pixel ? above[i - pixel] : 0;
    out[i] = static_cast<std::uint8_t>(in[i] + predict(F, left, above[i], corner));
  }
}

}  // namespace

bool undo_png_filter(const std::uint8_t* row, const std::uint8_t* above, std::size_t size, std::size_t pixel,
                     std::uint8_t* out) {
  const std::uint8_t* in = row + 1;
  switch (row[0]) {
    case none:
      if (out != in) std::memcpy(out, in, size);
      return true;
    case sub:
      undo<sub>(in, above, size, pixel, out);
      return true;
    case up:
      for (std::size_t i = 0; i < size; ++i) out[i] = static_cast<std::uint8_t>(in[i] + above[i]);
      return true;
    case average:
      undo<average>(in, above, size, pixel, out);
      return true;
    case paeth_filter:
      undo<paeth_filter>(in, above, size, pixel, out);
      return true;
    default:
      return false;
  }
}

}  // namespace fovea
