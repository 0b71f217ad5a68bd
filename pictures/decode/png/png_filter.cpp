// Each filter predicts a byte from those to the left, above, and above to the left. Where the left one takes part a row
// is a chain, pixel after pixel; pixels of three and four bytes keep it in a register, four samples at a time.
#include "pictures/decode/png/png_filter.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>

#include "pictures/decode/png/pixel_simd.h"

namespace fovea {
namespace {

namespace simd = pixel_simd;
using simd::Pixel;
using simd::Words;

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
Pixel load_pixel(const std::uint8_t* p) {
  std::uint32_t x = 0;
  if constexpr (N == 3) {
    std::uint16_t low = 0;
    std::memcpy(&low, p, 2);
    x = low | std::uint32_t{p[2]} << 16;
  } else {
    std::memcpy(&x, p, 4);
  }
  return simd::from_bits(x);
}
template <std::size_t N>
void store_pixel(std::uint8_t* p, Pixel x) {
  const std::uint32_t bits = simd::to_bits(x);
  std::memcpy(p, &bits, N == 3 ? 2 : 4);
  if constexpr (N == 3) p[2] = static_cast<std::uint8_t>(bits >> 16);
}

// Samples as 16-bit numbers: the distances of p = left + above - corner from the three are |above - corner|,
// |left - corner| and the absolute sum of both differences.
Words paeth_pixel(Words left, Words above, Words corner) {
  const Words from_corner_a = simd::subtract(above, corner), from_corner_b = simd::subtract(left, corner);
  const Words a = simd::absolute(from_corner_a), b = simd::absolute(from_corner_b),
              c = simd::absolute(simd::add(from_corner_a, from_corner_b));
  const Words least = simd::smaller(c, simd::smaller(a, b));
  return simd::select_equal(least, a, left, simd::select_equal(least, b, above, corner));
}

template <std::size_t N, Filter F>
void undo_pixels(const std::uint8_t* in, const std::uint8_t* above, std::size_t size, std::uint8_t* out) {
  Pixel left = simd::from_bits(0);
  Words corner = simd::widen(left);
  for (std::size_t i = 0; i + N <= size; i += N) {
    const Pixel x = load_pixel<N>(in + i);
    if constexpr (F == sub) {
      left = simd::add(x, left);
    } else if constexpr (F == average) {
      left = simd::add(x, simd::average(left, load_pixel<N>(above + i)));
    } else {
      const Words higher = simd::widen(load_pixel<N>(above + i));
      left = simd::add(x, simd::narrow(paeth_pixel(simd::widen(left), higher, corner)));
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
