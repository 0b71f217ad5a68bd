// Activations that are more than a clamp: one value in, one value out, built on our own exp. Each is computed from exp
// of a value that is not positive where it can be, so that nothing overflows and nothing cancels.
#include "kernels/families.h"
#include "kernels/simd/exp.h"
#include "kernels/simd/log.h"
#include "kernels/simd/vec.h"

namespace fovea::FOVEA_NS {
namespace {

FOVEA_INLINE Vec abs_vec(Vec x) { return max(x, Vec(0.0f) - x); }

// exp(x) - 1 for x <= 0: 2^n * (exp(r) - 1) + (2^n - 1) with exp_vec's n and r, exact to a few ulp near zero as well.
FOVEA_INLINE Vec expm1_vec(Vec x) {
  const Vec y = max(Vec(-80.0f), x), magic(12582912.0f);
  const Vec n = fma(y, Vec(1.44269504f), magic) - magic;
  Vec r = fma(n, Vec(-0.693145752f), y);
  r = fma(n, Vec(-1.42860677e-6f), r);
  Vec p(2.48015873e-5f);
  p = fma(p, r, Vec(1.98412698e-4f));
  p = fma(p, r, Vec(1.38888889e-3f));
  p = fma(p, r, Vec(8.33333333e-3f));
  p = fma(p, r, Vec(4.16666667e-2f));
  p = fma(p, r, Vec(1.66666667e-1f));
  p = fma(p, r, Vec(0.5f));
  const Vec small = fma(p * r, r, r);  // exp(r) - 1
  const Vec scale = power_of_two(n);
  return fma(scale, small, scale - Vec(1.0f));
}

FOVEA_INLINE Vec tanh_vec(Vec x) {
  const Vec e = expm1_vec(Vec(-2.0f) * abs_vec(x));
  const Vec size = (Vec(0.0f) - e) / (Vec(2.0f) + e);
  return select(x < Vec(0.0f), Vec(0.0f) - size, size);
}

FOVEA_INLINE Vec softplus_vec(Vec x) { return max(Vec(0.0f), x) + log1p_vec(exp_vec(Vec(0.0f) - abs_vec(x))); }

// tanh(log(1 + e)) = w / (w + 2) with w = e (e + 2); from 20 on it is 1 in float.
FOVEA_INLINE Vec mish_vec(Vec x) {
  const Vec e = exp_vec(min(Vec(20.0f), x)), w = e * (e + Vec(2.0f));
  return x * (w / (w + Vec(2.0f)));
}

FOVEA_INLINE Vec swish_vec(Vec x) { return x / (Vec(1.0f) + exp_vec(Vec(0.0f) - x)); }

// The normal distribution's tail beyond z sqrt(2) is exp(-z^2) / 2 times a smooth function of t = 1 / (1 + z / 2): t
// times a polynomial fitted to it over 0 <= z <= 9 (relative error 2e-8).
FOVEA_INLINE Vec gelu_vec(Vec x) {
  const Vec z = min(Vec(12.0f), abs_vec(x) * Vec(0.707106781f)), t = Vec(1.0f) / fma(z, Vec(0.5f), Vec(1.0f));
  Vec p(0.01678511f);
  p = fma(p, t, Vec(-0.14709359f));
  p = fma(p, t, Vec(0.48341312f));
  p = fma(p, t, Vec(-0.74037557f));
  p = fma(p, t, Vec(0.47768219f));
  p = fma(p, t, Vec(-0.12736086f));
  p = fma(p, t, Vec(0.23511886f));
  p = fma(p, t, Vec(0.23669933f));
  p = fma(p, t, Vec(0.28307752f));
  p = fma(p, t, Vec(0.28205389f));
  const Vec tail = Vec(0.5f) * (p * t) * exp_vec(Vec(0.0f) - z * z);
  return x * select(x < Vec(0.0f), tail, Vec(1.0f) - tail);
}

// x / 2 * (1 + tanh(u)) = x / (1 + exp(-2 u)).
FOVEA_INLINE Vec gelu_tanh_vec(Vec x) {
  const Vec u = Vec(-1.59576912f) * x * fma(x * x, Vec(0.044715f), Vec(1.0f));
  return x / (Vec(1.0f) + exp_vec(u));
}

FOVEA_INLINE Vec hard_swish_vec(Vec x) { return x * (min(Vec(6.0f), max(Vec(0.0f), x + Vec(3.0f))) / Vec(6.0f)); }

FOVEA_INLINE Vec hard_sigmoid_vec(Vec x, const ActivateArgs& a) {
  return min(Vec(1.0f), max(Vec(0.0f), fma(x, Vec(a.a), Vec(a.b))));
}

FOVEA_INLINE Vec relu_vec(Vec x, const ActivateArgs& a) {
  const Vec zero(0.0f), t(a.a);
  const Vec kept = select(x <= t, zero, x);  // NaN stays
  return min(Vec(a.clamp.hi), max(Vec(a.clamp.lo), kept)) - Vec(a.b) * max(zero, t - x);
}

FOVEA_INLINE Vec elu_vec(Vec x, const ActivateArgs& a) {
  const Vec zero(0.0f);
  const Vec negative = Vec(a.b) * expm1_vec(min(zero, x * Vec(a.c)));
  return select(x <= zero, negative, Vec(a.a) * x);
}

template <class F>
FOVEA_INLINE void map(const float* in, float* out, std::int64_t n, F f) {
  for (std::int64_t i = 0; i < n; i += 16) {
    const Lanes16 x = load16(in + i);
    store16(out + i, each([&](int v) { return select(x.v[v] == x.v[v], f(x.v[v]), x.v[v]); }));
  }
}

void activate_f32(const float* in, float* out, std::int64_t n, const ActivateArgs& a) noexcept {
  switch (a.curve) {
    case Curve::relu:
      return map(in, out, n, [&](Vec x) { return relu_vec(x, a); });
    case Curve::elu:
      return map(in, out, n, [&](Vec x) { return elu_vec(x, a); });
    case Curve::swish:
      return map(in, out, n, swish_vec);
    case Curve::hard_swish:
      return map(in, out, n, hard_swish_vec);
    case Curve::tanh:
      return map(in, out, n, tanh_vec);
    case Curve::mish:
      return map(in, out, n, mish_vec);
    case Curve::softplus:
      return map(in, out, n, softplus_vec);
    case Curve::softsign:
      return map(in, out, n, [](Vec x) { return x / (Vec(1.0f) + abs_vec(x)); });
    case Curve::exponential:
      return map(in, out, n, exp_vec);
    case Curve::gelu:
      return map(in, out, n, gelu_vec);
    case Curve::gelu_tanh:
      return map(in, out, n, gelu_tanh_vec);
    case Curve::hard_sigmoid:
      return map(in, out, n, [&](Vec x) { return hard_sigmoid_vec(x, a); });
    case Curve::log_sigmoid:
      return map(in, out, n, [](Vec x) { return Vec(0.0f) - softplus_vec(Vec(0.0f) - x); });
    case Curve::square:
      return map(in, out, n, [](Vec x) { return x * x; });
    case Curve::absolute:
      return map(in, out, n, abs_vec);
  }
}

}  // namespace

ActivateKernels activate_kernels() { return {.f32 = activate_f32}; }

}  // namespace fovea::FOVEA_NS
