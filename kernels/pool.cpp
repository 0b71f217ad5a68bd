// Max, average and global pooling over one c16 block at a time. Padding never enters a maximum (unless it stands for a
// ZeroPadding2D), and Keras leaves it out of the average as well.
#include "kernels/families.h"
#include "kernels/simd/vec.h"

namespace fovea::FOVEA_NS {
namespace {

struct Window {
  int y0, y1, x0, x1;  // cells inside the input; empty (both ends equal) where the window lies in the padding
};

FOVEA_INLINE int between(int x, int lo, int hi) { return x < lo ? lo : x > hi ? hi : x; }

FOVEA_INLINE Window window(const PoolArgs& p, int y, int x) {
  const int top = y * p.stride_h - p.pad_top, left = x * p.stride_w - p.pad_left;
  return {between(top, 0, p.h), between(top + p.kh, 0, p.h), between(left, 0, p.w), between(left + p.kw, 0, p.w)};
}

// Calls f(window, output) for every output pixel of the rows asked for.
template <class F>
FOVEA_INLINE void for_each_output(const PoolArgs& p, F f) {
  for (int y = p.y_begin; y < p.y_end; ++y) {
    for (int x = 0; x < p.out_w; ++x) f(window(p, y, x), p.out + (std::int64_t{y} * p.out_w + x) * 16);
  }
}

template <class F>
FOVEA_INLINE void for_each_cell(const PoolArgs& p, const Window& win, F f) {
  for (int y = win.y0; y < win.y1; ++y) {
    const float* row = p.in + std::int64_t{y} * p.w * 16;
    for (int x = win.x0; x < win.x1; ++x) f(load16(row + std::int64_t{x} * 16));
  }
}

void max_pool_f32_c16(const PoolArgs& p) noexcept {
  for_each_output(p, [&](const Window& win, float* out) {
    const int cells = (win.y1 - win.y0) * (win.x1 - win.x0);
    const bool zero = p.zero_padding && cells < p.kh * p.kw;
    Lanes16 best = broadcast16(zero ? 0.0f : -__builtin_inff());
    for_each_cell(p, win, [&](const Lanes16& x) { best = max_keep_nan(best, x); });
    store16(out, best);
  });
}

void average_pool_f32_c16(const PoolArgs& p) noexcept {
  for_each_output(p, [&](const Window& win, float* out) {
    Lanes16 sum = broadcast16(0);
    for_each_cell(p, win, [&](const Lanes16& x) { sum = sum + x; });
    const int cells = (win.y1 - win.y0) * (win.x1 - win.x0);
    store16(out, sum / broadcast16(static_cast<float>(cells)));
  });
}

// Four chains, so that the additions overlap; pixel i belongs to chain i modulo 4.
void global_average_f32_c16(const float* in, int pixels, float* out) noexcept {
  Lanes16 sum[4] = {broadcast16(0), broadcast16(0), broadcast16(0), broadcast16(0)};
  int i = 0;
  for (; i + 4 <= pixels; i += 4) {
#pragma GCC unroll 4
    for (int j = 0; j < 4; ++j) sum[j] = sum[j] + load16(in + std::int64_t{16} * (i + j));
  }
#pragma GCC unroll 3
  for (int j = 0; j < 3; ++j) {
    if (i + j < pixels) sum[j] = sum[j] + load16(in + std::int64_t{16} * (i + j));
  }
  store16(out, ((sum[0] + sum[1]) + (sum[2] + sum[3])) / broadcast16(static_cast<float>(pixels)));
}

void global_max_f32_c16(const float* in, int pixels, float* out) noexcept {
  Lanes16 best = broadcast16(-__builtin_inff());
  for (int i = 0; i < pixels; ++i) best = max_keep_nan(best, load16(in + std::int64_t{16} * i));
  store16(out, best);
}

}  // namespace

PoolKernels pool_kernels() {
  return {.max_f32_c16 = max_pool_f32_c16,
          .average_f32_c16 = average_pool_f32_c16,
          .global_average_f32_c16 = global_average_f32_c16,
          .global_max_f32_c16 = global_max_f32_c16};
}

}  // namespace fovea::FOVEA_NS
