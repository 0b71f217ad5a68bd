// Softmax over the channels of c16 pixels: exp(x - max) / sum, one division a value, sums in the fixed 16-lane order.
#include "kernels/simd/exp.h"
#include "kernels/simd/families.h"
#include "kernels/simd/vec.h"

namespace fovea::FOVEA_NS {
namespace {

// Block `b` of a pixel; lanes past the last channel read as `fill`.
FOVEA_INLINE Lanes16 load_channels(const float* p, int left, float fill) {
  if (left >= 16) return load16(p);
  float x[16];
  for (int i = 0; i < 16; ++i) x[i] = i < left ? p[i] : fill;
  return load16(x);
}

void softmax_f32_c16(const Softmax& s) noexcept {
  const int blocks = (s.channels + 15) / 16;
  const float lowest = -__builtin_inff();
  for (int pixel = 0; pixel < s.pixels; ++pixel) {
    const float* in = s.in + std::int64_t{16} * pixel;
    float* out = s.out + std::int64_t{16} * pixel;
    Lanes16 best = broadcast16(lowest);
    for (int b = 0; b < blocks; ++b)
      best = max(best, load_channels(in + b * s.block_stride, s.channels - 16 * b, lowest));
    const Lanes16 peak = broadcast16(max16(best));
    Lanes16 sum = broadcast16(0);
    for (int b = 0; b < blocks; ++b) {
      const Lanes16 e = exp16(load_channels(in + b * s.block_stride, s.channels - 16 * b, lowest) - peak);
      store16(out + b * s.block_stride, e);
      sum = sum + e;
    }
    const Lanes16 total = broadcast16(sum16(sum));
    for (int b = 0; b < blocks; ++b) {
      store16(out + b * s.block_stride, load16(out + b * s.block_stride) / total);
    }
  }
}

}  // namespace

void add_softmax(KernelTable& t) { t.softmax_f32_c16 = softmax_f32_c16; }

}  // namespace fovea::FOVEA_NS
