// Element by element: add and its relatives, clamp (ReLU), scale and shift, sigmoid, exp.
#include "kernels/families.h"
#include "kernels/simd/exp.h"
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
  return each([&](int i) { return select(a.v[i] == a.v[i], min(a.v[i], b.v[i]), a.v[i]); });
}

// Calls f with the operation of a pairing.
template <class F>
FOVEA_INLINE void with_pairing(Pairing pairing, F f) {
  switch (pairing) {
    case Pairing::add:
      return f([](const Lanes16& a, const Lanes16& b) { return a + b; });
    case Pairing::subtract:
      return f([](const Lanes16& a, const Lanes16& b) { return a - b; });
    case Pairing::multiply:
      return f([](const Lanes16& a, const Lanes16& b) { return a * b; });
    case Pairing::maximum:
      return f([](const Lanes16& a, const Lanes16& b) { return max_keep_nan(a, b); });
    case Pairing::minimum:
      return f([](const Lanes16& a, const Lanes16& b) { return min_keep_nan(a, b); });
  }
}

void prelu_f32(const float* in, const float* alpha, int alpha_step, float* out, std::int64_t n) noexcept {
  for (std::int64_t i = 0; i < n; i += 16, alpha += alpha_step) {
    const Lanes16 x = load16(in + i), scaled = load16(alpha) * x;
    store16(out + i, each([&](int v) { return select(x.v[v] <= Vec(0.0f), scaled.v[v], x.v[v]); }));
  }
}

void pair_f32(Pairing pairing, const float* a, const float* b, float* out, std::int64_t n) noexcept {
  with_pairing(pairing,
               [&](auto op) { map(out, n, [&](std::int64_t i) { return op(load16(a + i), load16(b + i)); }); });
}

void pair_small_f32_c16(const PairSmallArgs& p) noexcept {
  const std::int64_t n = std::int64_t{16} * p.pixels;
  with_pairing(p.pairing, [&](auto op) {
    const Lanes16 fixed = p.per_pixel ? broadcast16(0) : load16(p.b);
    const auto small = [&](std::int64_t i) { return p.per_pixel ? broadcast16(p.b[i]) : fixed; };
    if (p.swapped) {
      map(p.out, n, [&](std::int64_t i) { return op(small(i), load16(p.a + i)); });
    } else {
      map(p.out, n, [&](std::int64_t i) { return op(load16(p.a + i), small(i)); });
    }
  });
}

void add_scaled_f32(const float* a, const float* b, float factor, float* out, std::int64_t n, Clamp clamp) noexcept {
  const Bounds limit = bounds(clamp);
  const Lanes16 f = broadcast16(factor);
  map(out, n, [&](std::int64_t i) { return clamp16(fma(load16(b + i), f, load16(a + i)), limit); });
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

ElementwiseKernels elementwise_kernels() {
  return {.add_f32 = add_f32,
          .clamp_f32 = clamp_f32,
          .affine_f32_c16 = affine_f32_c16,
          .affine_f32_nhwc = affine_f32_nhwc,
          .pair_f32 = pair_f32,
          .pair_small_f32_c16 = pair_small_f32_c16,
          .prelu_f32 = prelu_f32,
          .add_scaled_f32 = add_scaled_f32,
          .sigmoid_f32 = sigmoid_f32,
          .exp_f32 = exp_f32,
          .fma_f32 = fma_f32};
}

}  // namespace fovea::FOVEA_NS
