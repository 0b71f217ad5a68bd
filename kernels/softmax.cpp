// Softmax over the channels of c16 pixels: exp(x - max) / sum, one division a value, sums in the fixed 16-lane order;
// its logarithm x - max - log(sum); and both over vectors instead of channels.
#include "kernels/families.h"
#include "kernels/simd/exp.h"
#include "kernels/simd/log.h"
#include "kernels/simd/vec.h"

namespace fovea::FOVEA_NS {
namespace {

constexpr float kLowest = -__builtin_inff();

void softmax_f32_c16(const SoftmaxArgs& s) noexcept {
  const int blocks = (s.channels + 15) / 16;
  for (int pixel = 0; pixel < s.pixels; ++pixel) {
    const float* in = s.in + std::int64_t{16} * pixel;
    float* out = s.out + std::int64_t{16} * pixel;
    // Lanes past the last channel of block b read as `fill`.
    const auto load = [&](int b, float fill) {
      return load_first16(in + b * s.block_stride, s.channels - 16 * b, fill);
    };
    Lanes16 best = broadcast16(kLowest);
    for (int b = 0; b < blocks; ++b) best = max(best, load(b, kLowest));
    const Lanes16 peak = broadcast16(max16(best));
    Lanes16 sum = broadcast16(0);
    for (int b = 0; b < blocks; ++b) {
      const Lanes16 e = exp16(load(b, kLowest) - peak);
      if (!s.log) store16(out + b * s.block_stride, e);
      sum = sum + e;
    }
    const Lanes16 total = broadcast16(sum16(sum));
    const Lanes16 log_total = s.log ? log_from_one16(total) : total;
    for (int b = 0; b < blocks; ++b) {
      float* to = out + b * s.block_stride;
      store16(to, s.log ? (load(b, 0.0f) - peak) - log_total : load16(to) / total);
    }
  }
}

void softmax_along_f32(const float* in, float* out, int count, std::int64_t stride, bool log) noexcept {
  Lanes16 peak = broadcast16(kLowest);
  for (int i = 0; i < count; ++i) peak = max_keep_nan(peak, load16(in + i * stride));
  Lanes16 sum = broadcast16(0);
  for (int i = 0; i < count; ++i) {
    const Lanes16 below = load16(in + i * stride) - peak, e = exp16(below);
    store16(out + i * stride, log ? below : e);
    sum = sum + e;
  }
  const Lanes16 log_sum = log ? log_from_one16(sum) : sum;
  for (int i = 0; i < count; ++i) {
    const Lanes16 x = load16(out + i * stride);
    store16(out + i * stride, log ? x - log_sum : x / sum);
  }
}

}  // namespace

SoftmaxKernels softmax_kernels() { return {.f32_c16 = softmax_f32_c16, .along_f32 = softmax_along_f32}; }

}  // namespace fovea::FOVEA_NS
