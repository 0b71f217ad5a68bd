// Interpolation between the pixels of feature maps: nearest (one tap), bilinear (two an axis), bicubic (four).
#include "kernels/families.h"
#include "kernels/simd/vec.h"

namespace fovea::FOVEA_NS {
namespace {

FOVEA_INLINE int inside(int i, int n) { return i < 0 ? 0 : i >= n ? n - 1 : i; }

void resample_f32_c16(const ResampleArgs& r) noexcept {
  for (int y = r.y_begin; y < r.y_end; ++y) {
    for (int x = 0; x < r.out_w; ++x) {
      Lanes16 sum = broadcast16(0);
      for (int j = 0; j < r.taps_y; ++j) {
        const float* row = r.in + std::int64_t{16} * r.w * inside(r.first_y[y] + j, r.h);
        Lanes16 across = broadcast16(0);
        for (int i = 0; i < r.taps_x; ++i) {
          const Lanes16 pixel = load16(row + std::int64_t{16} * inside(r.first_x[x] + i, r.w));
          across = fma(pixel, broadcast16(r.weights_x[x * r.taps_x + i]), across);
        }
        sum = fma(across, broadcast16(r.weights_y[y * r.taps_y + j]), sum);
      }
      store16(r.out + (std::int64_t{y} * r.out_w + x) * 16, sum);
    }
  }
}

}  // namespace

ResampleKernels resample_kernels() { return {.f32_c16 = resample_f32_c16}; }

}  // namespace fovea::FOVEA_NS
