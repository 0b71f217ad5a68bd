// Resizing 8-bit pictures of three channels, one row a call: across a row, then down its columns. The order of sums and
// roundings is OpenCV's, and no multiplication is fused with an addition.
//
// Across, the pixels that a result reads lie together, but at odd places: one load, taps side by side by shifts, and a
// multiplication of pairs of words give its three channels. Four lanes are used of any instruction set; a row of 4752
// pixels becomes 700 in 2 us, as the row has to be read.
#include "kernels/families.h"
#include "kernels/simd/words.h"

namespace fovea::FOVEA_NS {
namespace {

// `count` bytes, zeros after them.
FOVEA_INLINE Bytes16 load_part(const std::uint8_t* p, std::int64_t count) {
  std::uint8_t part[16] = {};
  for (int i = 0; i < 16 && i < count; ++i) part[i] = p[i];
  return load_bytes16(part);
}

// Bytes 0 1 2 of the first four lanes with bytes 3 4 5: a pixel and the next, channel by channel, as words.
FOVEA_INLINE Bytes16 pixel_pairs(Bytes16 bytes) { return widen_bytes(zip_low_bytes(bytes, drop_bytes<3>(bytes))); }

// Two taps of each channel.
FOVEA_INLINE Bytes16 two_taps(Bytes16 bytes, const std::int16_t* weights) {
  return multiply_pairs(pixel_pairs(bytes), broadcast_words2(weights));
}

void resize_cubic_across_u8(const ResizeAcrossArgs& r, float* out) noexcept {
  for (int x = 0; x < r.width; ++x) {
    const std::int64_t at = std::int64_t{3} * r.first[x];
    const std::uint8_t* p = r.in + at;
    const Bytes16 bytes = at + 16 <= r.in_bytes ? load_bytes16(p) : load_part(p, r.in_bytes - at);
    const std::int16_t* weights = r.weights + 4 * x;
    const Bytes16 sums = add_ints(two_taps(bytes, weights), two_taps(drop_bytes<6>(bytes), weights + 2));
    store_floats4(out + 3 * x, ints_to_floats(sums));
  }
}

void resize_linear_across_u8(const ResizeAcrossArgs& r, std::int16_t* out) noexcept {
  for (int x = 0; x < r.width; ++x) {
    const std::int64_t at = std::int64_t{3} * r.first[x];
    const std::uint8_t* p = r.in + at;
    const Bytes16 bytes = at + 8 <= r.in_bytes ? load_bytes8(p) : load_part(p, r.in_bytes - at);
    store_words4(out + 3 * x, shift_right_ints<4>(two_taps(bytes, r.weights + 2 * x)));
  }
}

FOVEA_INLINE Floats4 pixel(std::int32_t bytes) { return words_to_floats(widen_bytes(from_bytes4(bytes))); }

void resize_cells_across_u8(const ResizeCellsArgs& r, float* out) noexcept {
  for (int x = 0; x < r.width; ++x) {
    std::int64_t at = std::int64_t{3} * r.first[x];
    Floats4 sum = broadcast_floats4(0);
    for (std::int32_t k = r.begin[x]; k < r.begin[x + 1]; ++k, at += 3) {
      const std::uint8_t* p = r.in + at;
      std::int32_t bytes;
      if (at + 4 <= r.in_bytes) {
        __builtin_memcpy(&bytes, p, sizeof(bytes));
      } else {
        bytes = p[0] | p[1] << 8 | p[2] << 16;
      }
      sum = sum + pixel(bytes) * broadcast_floats4(r.weights[k]);
    }
    store_floats4(out + 3 * x, sum);
  }
}

// make(i) for 16 values from value i on, rounded and stored.
template <class Make>
FOVEA_INLINE void round_all(int n, std::uint8_t* out, Make make) {
  int i = 0;
  for (; i + 16 <= n; i += 16) store16_bytes<0>(out + i, round_to_byte(make(i)));
  if (i == n) return;
  std::uint8_t last[16];
  store16_bytes<0>(last, round_to_byte(make(i)));
  for (int j = 0; i + j < n; ++j) out[i + j] = last[j];
}

void resize_cubic_down_f32(const float* const* rows, const float* weights, int n, std::uint8_t* out) noexcept {
  const Lanes16 w0 = broadcast16(weights[0]), w1 = broadcast16(weights[1]), w2 = broadcast16(weights[2]),
                w3 = broadcast16(weights[3]);
  round_all(n, out, [&](int i) {
    const Lanes16 low = load16(rows[2] + i) * w2 + load16(rows[3] + i) * w3;
    return load16(rows[0] + i) * w0 + (load16(rows[1] + i) * w1 + low);
  });
}

void resize_linear_down_s16(const std::int16_t* const* rows, const std::int16_t* weights, int n,
                            std::uint8_t* out) noexcept {
  const std::int16_t *a = rows[0], *b = rows[1];
  const int wa = weights[0], wb = weights[1];
  for (int i = 0; i < n; ++i) out[i] = static_cast<std::uint8_t>(((a[i] * wa >> 16) + (b[i] * wb >> 16) + 2) >> 2);
}

void resize_cells_down_f32(const float* row, float weight, bool first, std::int64_t n, float* sums) noexcept {
  const Lanes16 w = broadcast16(weight);
  for (std::int64_t i = 0; i < n; i += 16) {
    const Lanes16 scaled = load16(row + i) * w;
    store16(sums + i, first ? scaled : load16(sums + i) + scaled);
  }
}

void round_f32_u8(const float* in, int n, std::uint8_t* out) noexcept {
  round_all(n, out, [&](int i) { return load16(in + i); });
}

}  // namespace

ResizeKernels resize_kernels() {
  return {.cubic_across_u8 = resize_cubic_across_u8,
          .linear_across_u8 = resize_linear_across_u8,
          .cells_across_u8 = resize_cells_across_u8,
          .cubic_down_f32 = resize_cubic_down_f32,
          .linear_down_s16 = resize_linear_down_s16,
          .cells_down_f32 = resize_cells_down_f32,
          .round_f32_u8 = round_f32_u8};
}

}  // namespace fovea::FOVEA_NS
