// Reference pooling: loops over the window.
#include "kernels/reference/pool.h"

#include <limits>

namespace fovea::reference {
namespace {

constexpr float kLowest = -std::numeric_limits<float>::infinity();

float max_keep_nan(float a, float b) { return a != a ? a : b != b ? b : a > b ? a : b; }

void mean_of(Ref& sum, int count) {
  sum.value /= count;
  sum.abs_sum /= count;
  sum.terms += 1;  // the division, or a product with the rounded reciprocal
}

}  // namespace

float max_pool_f32_c16(const PoolArgs& p, int y, int x, int lane) {
  float best = kLowest;
  for (int i = 0; i < p.kh; ++i) {
    for (int j = 0; j < p.kw; ++j) {
      const int in_y = y * p.stride_h + i - p.pad_top, in_x = x * p.stride_w + j - p.pad_left;
      const bool inside = in_y >= 0 && in_y < p.h && in_x >= 0 && in_x < p.w;
      if (inside) {
        best = max_keep_nan(best, p.in[(in_y * p.w + in_x) * 16 + lane]);
      } else if (p.zero_padding) {
        best = max_keep_nan(best, 0.0f);
      }
    }
  }
  return best;
}

Ref average_pool_f32_c16(const PoolArgs& p, int y, int x, int lane) {
  Ref sum;
  int count = 0;
  for (int i = 0; i < p.kh; ++i) {
    for (int j = 0; j < p.kw; ++j) {
      const int in_y = y * p.stride_h + i - p.pad_top, in_x = x * p.stride_w + j - p.pad_left;
      if (in_y < 0 || in_y >= p.h || in_x < 0 || in_x >= p.w) continue;
      sum.add(p.in[(in_y * p.w + in_x) * 16 + lane]);
      ++count;
    }
  }
  mean_of(sum, count);
  return sum;
}

Ref global_average_f32_c16(const float* in, int pixels, int lane) {
  Ref sum;
  for (int i = 0; i < pixels; ++i) sum.add(in[i * 16 + lane]);
  mean_of(sum, pixels);
  return sum;
}

float global_max_f32_c16(const float* in, int pixels, int lane) {
  float best = kLowest;
  for (int i = 0; i < pixels; ++i) best = max_keep_nan(best, in[i * 16 + lane]);
  return best;
}

}  // namespace fovea::reference
