// Element by element: add and its relatives, clamp (ReLU), scale and shift, sigmoid, exp.
#include "kernels/simd/exp.h"
#include "kernels/simd/families.h"
#include "kernels/simd/vec.h"

namespace fovea::FOVEA_NS {
namespace {

template <class F>
FOVEA_INLINE void map(float* out, std::int64_t n, F f) {
  for (std::int64_t i = 0; i < n; i += 16) store16(out + i, f(i));
}

void add_f32(const float* a, const float* b, float* out, std::int64_t n, Clamp clamp) noexcept {
  const Bounds limit = bounds(clamp);
  map(out, n, [&](std::int64_t i) { return clamp16(load16(a + i) + load16(b + i), limit); });
}

void clamp_f32(const float* in, float* out, std::int64_t n, Clamp clamp) noexcept {
  const Bounds limit = bounds(clamp);
  map(out, n, [&](std::int64_t i) { return clamp16(load16(in + i), limit); });
}

void affine_f32_c16(const float* in, float* out, int pixels, const float* scale, const float* shift,
                    Clamp clamp) noexcept {
  const Bounds limit = bounds(clamp);
  const Lanes16 a = load16(scale), b = load16(shift);
  map(out, std::int64_t{16} * pixels, [&](std::int64_t i) { return clamp16(fma(load16(in + i), a, b), limit); });
}

void affine_f32_nhwc(const float* in, float* out, std::int64_t n, int period, const float* scale,
                     const float* shift) noexcept {
  const std::int64_t whole = std::int64_t{16} * period;
  for (std::int64_t i = 0, at = 0; i < n; i += 16, at = at + 16 == whole ? 0 : at + 16) {
    store16(out + i, fma(load16(in + i), load16(scale + at), load16(shift + at)));
  }
}

// The smaller one, as max_keep_nan.
FOVEA_INLINE Lanes16 min_keep_nan(const Lanes16& a, const Lanes16& b) {
  return each([&](int i) { return xsimd::select(a.v[i] == a.v[i], xsimd::min(a.v[i], b.v[i]), a.v[i]); });
}

void pair_f32(Pairing pairing, const float* a, const float* b, float* out, std::int64_t n) noexcept {
  switch (pairing) {
    case Pairing::subtract:
      return map(out, n, [&](std::int64_t i) { return load16(a + i) - load16(b + i); });
    case Pairing::multiply:
      return map(out, n, [&](std::int64_t i) { return load16(a + i) * load16(b + i); });
    case Pairing::maximum:
      return map(out, n, [&](std::int64_t i) { return max_keep_nan(load16(a + i), load16(b + i)); });
    case Pairing::minimum:
      return map(out, n, [&](std::int64_t i) { return min_keep_nan(load16(a + i), load16(b + i)); });
  }
}

void prelu_f32(const float* in, const float* alpha, int alpha_step, float* out, std::int64_t n) noexcept {
  for (std::int64_t i = 0; i < n; i += 16, alpha += alpha_step) {
    const Lanes16 x = load16(in + i), scaled = load16(alpha) * x;
    store16(out + i, each([&](int v) { return xsimd::select(x.v[v] <= Vec(0.0f), scaled.v[v], x.v[v]); }));
  }
}

void sigmoid_f32(const float* in, float* out, std::int64_t n) noexcept {
  const Lanes16 one = broadcast16(1), zero = broadcast16(0);
  map(out, n, [&](std::int64_t i) { return one / (one + exp16(zero - load16(in + i))); });
}

void exp_f32(const float* in, float* out, std::int64_t n) noexcept {
  map(out, n, [&](std::int64_t i) { return exp16(load16(in + i)); });
}

void fma_f32(const float* a, const float* b, const float* c, float* out, std::int64_t n) noexcept {
  map(out, n, [&](std::int64_t i) { return fma(load16(a + i), load16(b + i), load16(c + i)); });
}

}  // namespace

void add_elementwise(KernelTable& t) {
  t.add_f32 = add_f32;
  t.clamp_f32 = clamp_f32;
  t.affine_f32_c16 = affine_f32_c16;
  t.affine_f32_nhwc = affine_f32_nhwc;
  t.pair_f32 = pair_f32;
  t.prelu_f32 = prelu_f32;
  t.sigmoid_f32 = sigmoid_f32;
  t.exp_f32 = exp_f32;
  t.fma_f32 = fma_f32;
}

}  // namespace fovea::FOVEA_NS
