// Moving channels between lanes and pixels apart: what concatenation, the depth multiplier and transposed convolution
// need.
#include "kernels/families.h"
#include "kernels/simd/vec.h"

namespace fovea::FOVEA_NS {
namespace {

void repeat_lanes_f32_c16(const float* in, float* out, int pixels, int first, int multiplier) noexcept {
  int source[16];
  for (int l = 0; l < 16; ++l) source[l] = (first + l) / multiplier;
  for (int p = 0; p < pixels; ++p, in += 16, out += 16) {
    for (int l = 0; l < 16; ++l) out[l] = in[source[l]];
  }
}

void copy_lanes_f32_c16(const float* in, int from, float* out, int to, int count, int pixels) noexcept {
  if (count == 16) {
    for (int p = 0; p < pixels; ++p) store16(out + std::int64_t{16} * p, load16(in + std::int64_t{16} * p));
    return;
  }
  in += from;
  out += to;
  for (int p = 0; p < pixels; ++p, in += 16, out += 16) {
    for (int i = 0; i < count; ++i) out[i] = in[i];
  }
}

void spread_pixels_f32_c16(const float* in, float* out, int pixels, int step) noexcept {
  for (int p = 0; p < pixels; ++p) store16(out + std::int64_t{16} * p * step, load16(in + std::int64_t{16} * p));
}

}  // namespace

LanesKernels lanes_kernels() {
  return {.repeat_f32_c16 = repeat_lanes_f32_c16,
          .copy_f32_c16 = copy_lanes_f32_c16,
          .spread_pixels_f32_c16 = spread_pixels_f32_c16};
}

}  // namespace fovea::FOVEA_NS
