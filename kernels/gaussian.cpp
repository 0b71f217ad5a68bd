// Gaussian blur of 8-bit pictures with whole-number taps, and the contrast against it: exact sums, nothing is rounded
// between the vertical and the horizontal pass.
//
// A tile is kTile sums in a row, a register set each, so that one term of the sum costs one load and one addition a
// register and the places of the terms are read once a tile. Loads bind. With sigma 40 the taps have 153 terms, and 42
// as a recursion r[i] = r[i - 2] + ... and what is added to that (gaussian_split). Terms that stand at one distance
// from each other again and again could be added once, into a line of their own, but none saves what the line costs: it
// comes from the second cache. What a tile reads are 223 places of 64 bytes, 14 kB of the first cache.
#include "kernels/families.h"
#include "kernels/simd/transpose.h"
#include "kernels/simd/words.h"

namespace fovea::FOVEA_NS {
namespace {

inline constexpr int kTile = kGaussianTile;

// What the two passes differ in: 32 words or 16 floats.
struct WordOps {
  using Element = std::uint16_t;
  using Lanes = Words32;
  static FOVEA_INLINE Lanes load(const Element* p) { return load32(p); }
  static FOVEA_INLINE Lanes broadcast(int x) { return broadcast32(static_cast<std::uint16_t>(x)); }
  static FOVEA_INLINE Lanes multiply_add(const Lanes& a, const Lanes& b, const Lanes& c) { return a * b + c; }
  static FOVEA_INLINE void store(Element* p, const Lanes& a) { store32(p, a); }
};

// Values are at most 2^15 in magnitude and terms at most 512, so that every partial sum is a whole number of up to
// 2^24: float is exact, with and without FMA.
struct FloatOps {
  using Element = float;
  using Lanes = Lanes16;
  static FOVEA_INLINE Lanes load(const Element* p) { return load16(p); }
  static FOVEA_INLINE Lanes broadcast(int x) { return broadcast16(static_cast<float>(x)); }
  static FOVEA_INLINE Lanes multiply_add(const Lanes& a, const Lanes& b, const Lanes& c) { return fma(a, b, c); }
  static FOVEA_INLINE void store(Element* p, const Lanes& a) { store16(p, a); }
};

// acc[j] += the sum's terms for place j, kCount of them; places are kStep elements apart.
template <class Ops, int kStep, int kCount>
FOVEA_INLINE void add_terms(const WeightedSum& sum, const typename Ops::Element* window, typename Ops::Lanes* acc) {
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

// Where a pass keeps the r of its recursion.
template <class Ops>
struct Ring {
  static constexpr int kLanes = static_cast<int>(sizeof(typename Ops::Lanes) / sizeof(typename Ops::Element));
  typename Ops::Element* places;
  typename Ops::Element* at(int i) const { return places + (i & (kGaussianRing - 1)) * kLanes; }
};

// Sums begin .. end - 1, whole tiles of kCount of them; done(i, sum) is called for each. `direct`: so are their r,
// starting from `first`.
template <class Ops, int kStep, int kCount, class Done>
FOVEA_INLINE int sum_tiles(const GaussianSums& sums, bool direct, int first, const typename Ops::Element* window,
                           int begin, int end, Ring<Ops> ring, Done done) {
  int i = begin;
  for (; i + kCount <= end; i += kCount) {
    typename Ops::Lanes acc[kCount];
    const typename Ops::Element* here = window + std::int64_t{i} * kStep;
#pragma GCC unroll 8
    for (int j = 0; j < kCount; ++j) acc[j] = Ops::broadcast(direct ? first : 0);
    if (sums.lag > 0) {
      add_terms<Ops, kStep, kCount>(direct ? sums.direct : sums.running, here, acc);
#pragma GCC unroll 8
      for (int j = 0; j < kCount; ++j) {
        if (!direct) acc[j] = acc[j] + Ops::load(ring.at(i + j - sums.lag));
        Ops::store(ring.at(i + j), acc[j]);
      }
    }
    add_terms<Ops, kStep, kCount>(sums.added, here, acc);
#pragma GCC unroll 8
    for (int j = 0; j < kCount; ++j) done(i + j, acc[j]);
  }
  return i;
}

// `direct_end`: the r of sums before it are direct. `first` is added to every sum.
template <class Ops, int kStep, class Done>
FOVEA_INLINE void sum_all(const GaussianSums& sums, int direct_end, int first, const typename Ops::Element* window,
                          int count, Ring<Ops> ring, Done done) {
  const int direct = sums.lag == 0 || direct_end > count ? count : direct_end;
  int i = sum_tiles<Ops, kStep, kTile>(sums, true, first, window, 0, direct, ring, done);
  i = sum_tiles<Ops, kStep, 1>(sums, true, first, window, i, direct, ring, done);
  i = sum_tiles<Ops, kStep, kTile>(sums, false, first, window, i, count, ring, done);
  sum_tiles<Ops, kStep, 1>(sums, false, first, window, i, count, ring, done);
}

// One row of the window: whole strips, the last filled up with zeros. The row's next columns but one are fetched: rows
// lie too far apart for the processor to foresee it.
FOVEA_INLINE void widen_row(const std::uint8_t* row, int columns, std::uint16_t* window, std::int64_t strip) {
  for (int i = 2 * kGaussianColumns; i < 3 * kGaussianColumns; i += 64) __builtin_prefetch(row + i);
  std::uint8_t part[kGaussianColumns];
  if (columns < kGaussianColumns) {
    for (int i = 0; i < kGaussianColumns; ++i) part[i] = i < columns ? row[i] : std::uint8_t{0};
    row = part;
  }
#pragma GCC unroll 4
  for (int i = 0; i < kGaussianColumns / 32; ++i) store32(window + i * strip, load32(row + 32 * i));
}

void gaussian_down_u8(const GaussianDownArgs& g) noexcept {
  const int window_rows = g.sums.reach_before + g.rows + g.sums.reach_after;
  const std::int64_t strip = std::int64_t{window_rows} * 32;
  for (int k = 0; k < window_rows; ++k) {
    widen_row(g.in + g.source[k] * g.in_stride, g.columns, g.window + k * 32, strip);
  }
  for (int i = 0; i * 32 < g.columns; ++i) {
    std::uint16_t* window = g.window + i * strip;
    std::uint16_t* out = g.out + i * g.out_strip;
    std::uint16_t* kept = g.kept + std::int64_t{i} * g.sums.lag * 32;
    const Ring<WordOps> ring{g.ring};
    for (int k = 0; k < g.sums.lag; ++k) store32(ring.at(k - g.sums.lag), load32(kept + k * 32));
    sum_all<WordOps, 32>(g.sums, g.sums.direct_count, 1 << 15, window + g.sums.reach_before * 32, g.rows, ring,
                         [&](int row, const Words32& sum) { store32(out + std::int64_t{row} * 32, sum); });
    for (int k = 0; k < g.sums.lag; ++k) store32(kept + k * 32, load32(ring.at(g.rows - g.sums.lag + k)));
  }
}

// A strip's 32 values of sixteen rows.
FOVEA_INLINE void widen_strip(const std::uint16_t* in, float* out) {
  alignas(64) std::uint16_t words[32 * 16];
#pragma GCC unroll 4
  for (int i = 0; i < 32; i += 8) {
    transpose_words<32>(in + i, words + i * 16);
    transpose_words<32>(in + i + 8 * 32, words + i * 16 + 8);
  }
  for (int i = 0; i < 32; ++i) store16(out + i * 16, load16_signed(words + i * 16));
}

// Thirty-two columns of the three channels' blurred planes.
FOVEA_INLINE void transpose_block(const std::uint8_t* blurred, std::int64_t plane, std::uint8_t* rows) {
  for (int half = 0; half < 2; ++half) {
    const std::uint8_t* from = blurred + half * 16 * 16;
#pragma GCC unroll 3
    for (int i = 0; i < 48; i += 16) {
      transpose_bytes<96>([&](int k) { return from + (i + k) % 3 * plane + (i + k) / 3 * 16; }, rows + half * 48 + i);
    }
  }
}

inline constexpr int kColumn = 3 * 16;  // a window column: three channels, sixteen rows

inline constexpr int kBlockColumns = 32;  // three strips
inline constexpr std::int64_t kBlurredPlane = kGaussianChunk * 16;
static_assert(kGaussianChunk % kBlockColumns == 0 && kGaussianChunk % kGaussianRing == 0);

// The window of the chunk that begins at column x, from its column `done` on: what the picture has is transposed, the
// rest is a reflection of it. Strips are whole, up to 31 columns too many on either side.
void fill_window(const GaussianAcrossArgs& g, float* window, int x, int columns, int done) {
  const int begin = x - g.sums.reach_before, end = x + columns + g.sums.reach_after;
  const int fresh = begin + done, first = fresh < 0 ? 0 : fresh, last = end < g.width ? end : g.width;
  const int strips = (3 * g.width + 31) / 32;
  float* inside = window - std::int64_t{begin} * kColumn;  // of column 0
  const auto reflect = [&](int column) {
    const float* from = window + (g.source[column + g.sums.reach_before] - begin) * kColumn;
    float* to = window + (column - begin) * kColumn;
    for (int i = 0; i < kColumn; i += 16) store16(to + i, load16(from + i));
  };
  for (int block = first / kBlockColumns; block * kBlockColumns < last && first < last; ++block) {
    for (int i = 3 * block; i < 3 * block + 3 && i < strips; ++i) widen_strip(g.in + i * g.in_strip, inside + i * 512);
  }
  for (int column = fresh; column < first; ++column) reflect(column);
  for (int column = last > fresh ? last : fresh; column < end; ++column) reflect(column);
}

// The last columns of a chunk's window are the first of the next one's.
void keep_overlap(const GaussianAcrossArgs& g, float* window) {
  const int kept = g.sums.reach_before + g.sums.reach_after;
  const float* from = window + kGaussianChunk * kColumn;
  for (int i = 0; i < kept * kColumn; i += 16) store16(window + i, load16(from + i));
}

template <bool kOtherOrder>
FOVEA_INLINE void contrast16(const GaussianAcrossArgs& g, const std::uint8_t* picture, const std::uint8_t* blurred,
                             std::uint8_t* out) {
  const Lanes16 a = load16(picture) * broadcast16(g.weight), b = load16(blurred) * broadcast16(g.blur_weight);
  const Lanes16 offset = broadcast16(g.offset);
  store16_bytes<0>(out, round_to_byte(kOtherOrder ? (a + b) + offset : a + (b + offset)));
}

// Up to 16 bytes of a row, from byte `at` on.
FOVEA_INLINE void contrast_part(const GaussianAcrossArgs& g, int row, std::int64_t at, int count,
                                const std::uint8_t* blurred) {
  if (count == 16 && std::int64_t{row} * g.width * 3 + at + 16 <= g.other_order_from) {
    contrast16<false>(g, g.picture + row * g.picture_stride + at, blurred, g.out + row * g.out_stride + at);
    return;
  }
  std::uint8_t picture[16] = {}, out[16], other[16];
  const std::uint8_t* from = g.picture + row * g.picture_stride + at;
  for (int i = 0; i < count; ++i) picture[i] = from[i];
  contrast16<false>(g, picture, blurred, out);
  contrast16<true>(g, picture, blurred, other);
  const std::int64_t index = std::int64_t{row} * g.width * 3 + at;
  std::uint8_t* to = g.out + row * g.out_stride + at;
  for (int i = 0; i < count; ++i) to[i] = index + i < g.other_order_from ? out[i] : other[i];
}

// Whole weights whose results no word overflows: then sums of words are exact, in whatever order.
bool whole_weights(const GaussianAcrossArgs& g) {
  const auto magnitude = [](float x) { return x < 0 ? -x : x; };
  const auto whole = [](float x) { return static_cast<float>(static_cast<int>(x)) == x; };
  const float most = 255 * (magnitude(g.weight) + magnitude(g.blur_weight)) + magnitude(g.offset);
  return most <= 32767 && whole(g.weight) && whole(g.blur_weight) && whole(g.offset);
}

// The chunk's blurred columns become rows, and those the result.
void contrast_chunk(const GaussianAcrossArgs& g, int x, int columns, bool whole) {
  const auto word = [&](float w) { return broadcast32(static_cast<std::uint16_t>(whole ? static_cast<int>(w) : 0)); };
  const Words32 weight = word(g.weight), blur_weight = word(g.blur_weight), offset = word(g.offset);
  for (int block = 0; block < columns; block += kBlockColumns) {
    std::uint8_t blurred[16 * 96];
    transpose_block(g.blurred + block * 16, kBlurredPlane, blurred);
    const std::int64_t at = std::int64_t{3} * (x + block);
    const int left = 3 * (columns - block);
    for (int row = 0; row < g.rows; ++row) {
      const std::uint8_t* blurred_row = blurred + 96 * row;
      const std::uint8_t* picture = g.picture + row * g.picture_stride + at;
      std::uint8_t* out = g.out + row * g.out_stride + at;
      if (whole && left >= 96) {
#pragma GCC unroll 3
        for (int i = 0; i < 96; i += 32) {
          __builtin_prefetch(picture + i + 192);  // too many rows side by side for the processor to foresee it
          __builtin_prefetch(out + i + 192, 1);
          store32_saturated(out + i, load32(picture + i) * weight + load32(blurred_row + i) * blur_weight + offset);
        }
      } else {
        for (int i = 0; i < 96 && i < left; i += 16) {
          contrast_part(g, row, at + i, left - i < 16 ? left - i : 16, blurred_row + i);
        }
      }
    }
  }
}

void gaussian_across_u16(const GaussianAcrossArgs& g) noexcept {
  const Lanes16 half = broadcast16(8421376.0f);  // 2^15, and the 2^15 that each of 256 values is too small by
  const bool whole = whole_weights(g);
  const int reach = g.sums.reach_before + g.sums.reach_after;
  float* columns_window = g.window + kGaussianPad * kColumn;
  for (int x = 0; x < g.width; x += kGaussianChunk) {
    const int columns = g.width - x < kGaussianChunk ? g.width - x : kGaussianChunk;
    const int done = x > 0 ? reach : 0;
    fill_window(g, columns_window, x, columns, done);
    const int direct = g.sums.direct_count > x ? g.sums.direct_count - x : 0;
    for (int c = 0; c < 3; ++c) {
      const float* window = columns_window + g.sums.reach_before * kColumn + 16 * c;
      std::uint8_t* blurred = g.blurred + c * kBlurredPlane;
      sum_all<FloatOps, kColumn>(g.sums, direct, 0, window, columns, Ring<FloatOps>{g.ring + c * kGaussianRing * 16},
                                 [&](int i, const Lanes16& sum) { store16_bytes<16>(blurred + i * 16, sum + half); });
    }
    contrast_chunk(g, x, columns, whole);
    if (columns == kGaussianChunk) keep_overlap(g, columns_window);
  }
}

}  // namespace

GaussianKernels gaussian_kernels() { return {.down_u8 = gaussian_down_u8, .across_u16 = gaussian_across_u16}; }

}  // namespace fovea::FOVEA_NS
