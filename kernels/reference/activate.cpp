// Reference activations.
#include "kernels/reference/activate.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "kernels/reference/ref.h"

namespace fovea::reference {

namespace {

double softplus(double x) { return std::max(x, 0.0) + std::log1p(std::exp(-std::abs(x))); }

double relu(double x, const ActivateArgs& a) {
  return clamp(x > a.a ? x : 0.0, a.clamp) - a.b * std::max(a.a - x, 0.0);
}

}  // namespace

double activate(double x, const ActivateArgs& a) {
  switch (a.curve) {
    case Curve::relu:
      return relu(x, a);
    case Curve::elu:
      return x > 0 ? a.a * x : a.b * std::expm1(a.c * x);
    case Curve::swish:
      return x / (1 + std::exp(-x));
    case Curve::hard_swish:
      return x * std::clamp(x + 3, 0.0, 6.0) / 6;
    case Curve::tanh:
      return std::tanh(x);
    case Curve::mish:
      return x * std::tanh(softplus(x));
    case Curve::softplus:
      return softplus(x);
    case Curve::softsign:
      return x / (1 + std::abs(x));
    case Curve::exponential:
      return std::exp(x);
    case Curve::gelu:
      return x / 2 * std::erfc(-x / std::numbers::sqrt2);
    case Curve::gelu_tanh:
      return x / 2 * (1 + std::tanh(std::sqrt(2 / std::numbers::pi) * (x + 0.044715 * x * x * x)));
    case Curve::hard_sigmoid:
      return std::clamp(a.a * x + a.b, 0.0, 1.0);
    case Curve::log_sigmoid:
      return -softplus(-x);
    case Curve::square:
      return x * x;
    case Curve::absolute:
      return std::abs(x);
  }
  return 0;
}

}  // namespace fovea::reference
