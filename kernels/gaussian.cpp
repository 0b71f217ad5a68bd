// Gaussian blur of 8-bit pictures with whole-number taps, and the contrast against it: exact sums, nothing is rounded
// between the vertical and the horizontal pass.
//
// A tile is kTile sums in a row, a register set each, so that one term of the sum costs one load and one addition a
// register and the places of the terms are read once a tile. With sigma 40 the taps have 153 terms, the running form
// 64: s[i] = s[i - 4] + 32 values that enter - 32 that leave. Loads bind: a window of 227 places of 64 bytes stays in
// L1.
#include "kernels/simd/families.h"
#include "kernels/simd/words.h"

namespace fovea::FOVEA_NS {
namespace {

inline constexpr int kTile = 8 / kVecs;

// What the two passes differ in: 32 words or 16 floats.
struct WordOps {
  using Element = std::uint16_t;
  using Lanes = Words32;
  static FOVEA_INLINE Lanes load(const Element* p) { return load32(p); }
  static FOVEA_INLINE Lanes broadcast(int x) { return broadcast32(static_cast<std::uint16_t>(x)); }
  static FOVEA_INLINE Lanes multiply_add(const Lanes& a, const Lanes& b, const Lanes& c) { return a * b + c; }
  static FOVEA_INLINE void store(Element* p, const Lanes& a) { store32(p, a); }
};

// Every partial sum is a whole number of less than 2^24, so float is exact, with and without FMA.
struct FloatOps {
  using Element = float;
  using Lanes = Lanes16;
  static FOVEA_INLINE Lanes load(const Element* p) { return load16(p); }
  static FOVEA_INLINE Lanes broadcast(int x) { return broadcast16(static_cast<float>(x)); }
  static FOVEA_INLINE Lanes multiply_add(const Lanes& a, const Lanes& b, const Lanes& c) { return fma(a, b, c); }
  static FOVEA_INLINE void store(Element* p, const Lanes& a) { store16(p, a); }
};

// acc[j] = the sum's terms for place j, kCount of them; places are kStep elements apart.
template <class Ops, int kStep, int kCount>
FOVEA_INLINE void add_terms(const WeightedSum& sum, const typename Ops::Element* window, typename Ops::Lanes* acc) {
#pragma GCC unroll 8
  for (int j = 0; j < kCount; ++j) acc[j] = Ops::broadcast(0);
  for (int k = 0; k < sum.n_plus; ++k) {
    const auto* p = window + std::int64_t{sum.plus[k]} * kStep;
#pragma GCC unroll 8
    for (int j = 0; j < kCount; ++j) acc[j] = acc[j] + Ops::load(p + j * kStep);
  }
  for (int k = 0; k < sum.n_minus; ++k) {
    const auto* p = window + std::int64_t{sum.minus[k]} * kStep;
#pragma GCC unroll 8
    for (int j = 0; j < kCount; ++j) acc[j] = acc[j] - Ops::load(p + j * kStep);
  }
  for (int k = 0; k < sum.n_scaled; ++k) {
    const auto* p = window + std::int64_t{sum.scaled[k]} * kStep;
    const auto factor = Ops::broadcast(sum.factors[k]);
#pragma GCC unroll 8
    for (int j = 0; j < kCount; ++j) acc[j] = Ops::multiply_add(factor, Ops::load(p + j * kStep), acc[j]);
  }
}

// Sums begin .. end - 1 of one form; sum i stands at out + i * out_step. done(i, sum) is called for each.
template <class Ops, int kStep, int kCount, class Done>
FOVEA_INLINE int sum_tiles(const WeightedSum& sum, int lag, const typename Ops::Element* window, int begin, int end,
                           typename Ops::Element* out, std::int64_t out_step, Done done) {
  int i = begin;
  for (; i + kCount <= end; i += kCount) {
    typename Ops::Lanes acc[kCount];
    add_terms<Ops, kStep, kCount>(sum, window + std::int64_t{i} * kStep, acc);
#pragma GCC unroll 8
    for (int j = 0; j < kCount; ++j) {
      auto* to = out + (i + j) * out_step;
      if (lag > 0) acc[j] = acc[j] + Ops::load(to - lag * out_step);
      Ops::store(to, acc[j]);
      done(i + j, acc[j]);
    }
  }
  return i;
}

template <class Ops, int kStep, class Done>
FOVEA_INLINE void sum_all(const GaussianSums& sums, int direct_end, const typename Ops::Element* window, int count,
                          typename Ops::Element* out, std::int64_t out_step, Done done) {
  int i = 0;
  const bool running = sums.lag > 0;
  const int direct = running && direct_end < count ? direct_end : count;
  if (!running || direct > 0) {
    i = sum_tiles<Ops, kStep, kTile>(sums.direct, 0, window, i, direct, out, out_step, done);
    i = sum_tiles<Ops, kStep, 1>(sums.direct, 0, window, i, direct, out, out_step, done);
  }
  if (i < count) {
    i = sum_tiles<Ops, kStep, kTile>(sums.running, sums.lag, window, i, count, out, out_step, done);
    sum_tiles<Ops, kStep, 1>(sums.running, sums.lag, window, i, count, out, out_step, done);
  }
}

// One row of the window: whole strips, the last filled up with zeros.
FOVEA_INLINE void widen_row(const std::uint8_t* row, int columns, std::uint16_t* window, std::int64_t strip) {
  std::uint8_t part[kGaussianColumns];
  if (columns < kGaussianColumns) {
    for (int i = 0; i < kGaussianColumns; ++i) part[i] = i < columns ? row[i] : std::uint8_t{0};
    row = part;
  }
#pragma GCC unroll 4
  for (int i = 0; i < kGaussianColumns / 32; ++i) store32(window + i * strip, load32(row + 32 * i));
}

void gaussian_down_u8(const GaussianDown& g) noexcept {
  const int window_rows = g.sums.reach_before + g.rows + g.sums.reach_after;
  const std::int64_t strip = std::int64_t{window_rows} * 32;
  for (int k = 0; k < window_rows; ++k) {
    widen_row(g.in + g.source[k] * g.in_stride, g.columns, g.window + k * 32, strip);
  }
  for (int i = 0; i * 32 < g.columns; ++i) {
    const std::uint16_t* window = g.window + i * strip + g.sums.reach_before * 32;
    std::uint16_t* out = g.out + i * g.out_strip;
    sum_all<WordOps, 32>(g.sums, g.sums.direct_count, window, g.rows, out, 32, [](int, const Words32&) {});
  }
}

// Four words of four rows each become four vectors of four rows.
FOVEA_INLINE void transpose_words(const std::uint16_t* in, float* out) {
  __m128 row[4];
#pragma GCC unroll 4
  for (int j = 0; j < 4; ++j) {
    const __m128i words = _mm_loadl_epi64(reinterpret_cast<const __m128i*>(in + 32 * j));
    row[j] = _mm_cvtepi32_ps(_mm_unpacklo_epi16(words, _mm_setzero_si128()));
  }
  _MM_TRANSPOSE4_PS(row[0], row[1], row[2], row[3]);
#pragma GCC unroll 4
  for (int j = 0; j < 4; ++j) _mm_storeu_ps(out + 16 * j, row[j]);
}

// [16][16] bytes transposed: four times the first half is shuffled with the second, byte by byte.
FOVEA_INLINE void transpose_bytes(const std::uint8_t* in, std::uint8_t* out) {
  __m128i a[16], b[16];
#pragma GCC unroll 16
  for (int i = 0; i < 16; ++i) a[i] = _mm_loadu_si128(reinterpret_cast<const __m128i*>(in + 16 * i));
#pragma GCC unroll 4
  for (int step = 0; step < 4; ++step) {
#pragma GCC unroll 8
    for (int i = 0; i < 8; ++i) {
      b[2 * i] = _mm_unpacklo_epi8(a[i], a[i + 8]);
      b[2 * i + 1] = _mm_unpackhi_epi8(a[i], a[i + 8]);
    }
#pragma GCC unroll 16
    for (int i = 0; i < 16; ++i) a[i] = b[i];
  }
#pragma GCC unroll 16
  for (int i = 0; i < 16; ++i) _mm_storeu_si128(reinterpret_cast<__m128i*>(out + 16 * i), a[i]);
}

inline constexpr int kColumn = 3 * 16;  // a window column: three channels, sixteen rows

// The window of the chunk that begins at column x: what the picture has is transposed, the rest is a reflection of it.
// Values are taken in fours, so that no four lie in two strips: up to three too many before the first and after the
// last.
void fill_window(const GaussianAcross& g, float* window, int x, int columns) {
  const int begin = x - g.sums.reach_before, end = x + columns + g.sums.reach_after;
  const int first = begin < 0 ? 0 : begin, last = end < g.width ? end : g.width;
  float* inside = window + std::int64_t{first - begin} * kColumn - 3 * first * 16;  // of value 0
  for (int i = 3 * first / 4 * 4; i < 3 * last; i += 4) {
    const std::uint16_t* in = g.in + i / 32 * g.in_strip + i % 32;
#pragma GCC unroll 4
    for (int row = 0; row < 16; row += 4) transpose_words(in + row * 32, inside + std::int64_t{i} * 16 + row);
  }
  const auto reflect = [&](int column) {
    const float* from = window + (g.source[column + g.sums.reach_before] - begin) * kColumn;
    float* to = window + (column - begin) * kColumn;
    for (int i = 0; i < kColumn; i += 16) store16(to + i, load16(from + i));
  };
  for (int column = begin; column < first; ++column) reflect(column);
  for (int column = last; column < end; ++column) reflect(column);
}

template <bool kOtherOrder>
FOVEA_INLINE void contrast16(const GaussianAcross& g, const std::uint8_t* picture, const std::uint8_t* blurred,
                             std::uint8_t* out) {
  const Lanes16 a = load16(picture) * broadcast16(g.weight), b = load16(blurred) * broadcast16(g.blur_weight);
  const Lanes16 offset = broadcast16(g.offset);
  store16_bytes<0>(out, round_to_byte(kOtherOrder ? (a + b) + offset : a + (b + offset)));
}

// Up to 16 bytes of a row, from byte `at` on.
void contrast_part(const GaussianAcross& g, int row, std::int64_t at, int count, const std::uint8_t* blurred) {
  std::uint8_t picture[16] = {}, out[16], other[16];
  const std::uint8_t* from = g.picture + row * g.picture_stride + at;
  for (int i = 0; i < count; ++i) picture[i] = from[i];
  contrast16<false>(g, picture, blurred, out);
  contrast16<true>(g, picture, blurred, other);
  const std::int64_t index = std::int64_t{row} * g.width * 3 + at;
  std::uint8_t* to = g.out + row * g.out_stride + at;
  for (int i = 0; i < count; ++i) to[i] = index + i < g.other_order_from ? out[i] : other[i];
}

// The chunk's blurred columns become rows, and those the result.
void contrast_chunk(const GaussianAcross& g, int x, int columns) {
  for (int i = 0; i < 3 * columns; i += 16) {
    std::uint8_t blurred[16 * 16];
    transpose_bytes(g.blurred + i * 16, blurred);
    const std::int64_t at = std::int64_t{3} * x + i;
    const int count = 3 * columns - i < 16 ? 3 * columns - i : 16;
    for (int row = 0; row < g.rows; ++row) {
      if (count < 16 || std::int64_t{row} * g.width * 3 + at + 16 > g.other_order_from) {
        contrast_part(g, row, at, count, blurred + 16 * row);
      } else {
        contrast16<false>(g, g.picture + row * g.picture_stride + at, blurred + 16 * row,
                          g.out + row * g.out_stride + at);
      }
    }
  }
}

void gaussian_across_u16(const GaussianAcross& g) noexcept {
  const Lanes16 half = broadcast16(32768.0f);
  float* columns_window = g.window + kColumn;  // fill_window may write before it
  for (int x = 0; x < g.width; x += kGaussianChunk) {
    const int columns = g.width - x < kGaussianChunk ? g.width - x : kGaussianChunk;
    fill_window(g, columns_window, x, columns);
    const int direct = g.sums.direct_count > x ? g.sums.direct_count - x : 0;
    for (int c = 0; c < 3; ++c) {
      const float* window = columns_window + g.sums.reach_before * kColumn + 16 * c;
      float* sums = g.sums_scratch + g.sums.lag * kColumn + 16 * c;
      std::uint8_t* blurred = g.blurred + 16 * c;
      sum_all<FloatOps, kColumn>(g.sums, direct, window, columns, sums, kColumn, [&](int i, const Lanes16& sum) {
        store16_bytes<16>(blurred + i * kColumn, sum + half);
      });
    }
    contrast_chunk(g, x, columns);
    if (columns == kGaussianChunk) {  // the last sums stand before those of the next chunk
      for (int i = 0; i < g.sums.lag * kColumn; i += 16) {
        store16(g.sums_scratch + i, load16(g.sums_scratch + std::int64_t{columns} * kColumn + i));
      }
    }
  }
}

}  // namespace

void add_gaussian(KernelTable& t) {
  t.gaussian_down_u8 = gaussian_down_u8;
  t.gaussian_across_u16 = gaussian_across_u16;
}

}  // namespace fovea::FOVEA_NS
