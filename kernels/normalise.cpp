// Statistics of activations and normalisation by them. Two passes over the data: a variance from differences to the
// mean does not cancel. Sums run lane by lane in the order of blocks or pixels, then over the lanes in their fixed
// order.
#include "kernels/families.h"
#include "kernels/simd/vec.h"

namespace fovea::FOVEA_NS {
namespace {

void channel_norm_f32_c16(const ChannelNormArgs& n) noexcept {
  const int blocks = (n.channels + 15) / 16;
  for (int pixel = 0; pixel < n.pixels; ++pixel) {
    const float* in = n.in + std::int64_t{16} * pixel;
    float* out = n.out + std::int64_t{16} * pixel;
    // Lanes past the last channel of block b read as `fill`.
    const auto load = [&](int b, float fill) {
      return load_first16(in + b * n.block_stride, n.channels - 16 * b, fill);
    };
    float mean = 0;
    if (n.centre) {
      Lanes16 sum = broadcast16(0);
      for (int b = 0; b < blocks; ++b) sum = sum + load(b, 0.0f);
      mean = sum16(sum) / static_cast<float>(n.channels);
    }
    const Lanes16 middle = broadcast16(mean);
    Lanes16 squares = broadcast16(0);
    for (int b = 0; b < blocks; ++b) {
      const Lanes16 x = load(b, mean) - middle;
      squares = fma(x, x, squares);
    }
    const float spread = sum16(squares) / n.divisor + n.epsilon;
    const Lanes16 bounded = max(broadcast16(n.smallest), broadcast16(spread));  // NaN stays
    const Lanes16 inverse = broadcast16(1) / each([&](int i) { return sqrt(bounded.v[i]); });
    for (int b = 0; b < blocks; ++b) {
      const Lanes16 x = (load(b, mean) - middle) * inverse;
      store16(out + b * n.block_stride, fma(x, load16(n.scale + 16 * b), load16(n.shift + 16 * b)));
    }
  }
}

// Sums of f(x - centre) in pieces of 256 pixels, so that no chain of additions grows long.
template <class F>
FOVEA_INLINE void sum_pixels(const float* in, int pixels, const float* centre, float* out, F f) {
  constexpr int kPiece = 256;
  const Lanes16 middle = load16(centre);
  Lanes16 total = broadcast16(0);
  for (int begin = 0; begin < pixels; begin += kPiece) {
    const int end = begin + kPiece < pixels ? begin + kPiece : pixels;
    Lanes16 sum = broadcast16(0);
    for (int i = begin; i < end; ++i) sum = f(load16(in + std::int64_t{16} * i) - middle, sum);
    total = total + sum;
  }
  store16(out, total);
}

void sum_f32_c16(const float* in, int pixels, const float* centre, float* out) noexcept {
  sum_pixels(in, pixels, centre, out, [](const Lanes16& x, const Lanes16& sum) { return sum + x; });
}

void sum_squares_f32_c16(const float* in, int pixels, const float* centre, float* out) noexcept {
  sum_pixels(in, pixels, centre, out, [](const Lanes16& x, const Lanes16& sum) { return fma(x, x, sum); });
}

}  // namespace

NormaliseKernels normalise_kernels() {
  return {
      .channels_f32_c16 = channel_norm_f32_c16, .sum_f32_c16 = sum_f32_c16, .sum_squares_f32_c16 = sum_squares_f32_c16};
}

}  // namespace fovea::FOVEA_NS
