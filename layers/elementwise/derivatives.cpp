// Derivatives of the activations, in double: they are taken of a few values once a picture.
#include "layers/elementwise/derivatives.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace fovea {

namespace {

// tanh'(u(x)) = (1 - tanh(u)^2) * u'(x), without the cancellation.
double tanh_derivative(double u) {
  const double e = std::exp(-2 * std::abs(u));
  return 4 * e / ((1 + e) * (1 + e));
}

double softplus(double x) { return std::max(0.0, x) + std::log1p(std::exp(-std::abs(x))); }

double gelu_derivative(double x) {
  const double density = std::exp(-x * x / 2) / std::sqrt(2 * std::numbers::pi);
  return std::erfc(-x / std::numbers::sqrt2) / 2 + x * density;
}

double gelu_tanh_derivative(double x) {
  const double slope = std::sqrt(2 / std::numbers::pi), u = slope * (x + 0.044715 * x * x * x);
  return (1 + std::tanh(u)) / 2 + x / 2 * tanh_derivative(u) * slope * (1 + 3 * 0.044715 * x * x);
}

double relu_derivative(const ActivateArgs& a, double x) {
  if (x <= a.a) return a.b;
  return a.clamp.lo < x && x < a.clamp.hi ? 1 : 0;
}

}  // namespace

double sigmoid(double x) { return 1 / (1 + std::exp(-x)); }

double derivative(const ActivateArgs& a, double x) {
  switch (a.curve) {
    case Curve::relu:
      return relu_derivative(a, x);
    case Curve::elu:
      return x > 0 ? a.a : double{a.b} * a.c * std::exp(a.c * x);
    case Curve::swish:
      return sigmoid(x) * (1 + x * sigmoid(-x));
    case Curve::hard_swish:
      return x <= -3 ? 0 : x >= 3 ? 1 : (2 * x + 3) / 6;
    case Curve::tanh:
      return tanh_derivative(x);
    case Curve::mish:
      return std::tanh(softplus(x)) + x * tanh_derivative(softplus(x)) * sigmoid(x);
    case Curve::softplus:
      return sigmoid(x);
    case Curve::softsign:
      return 1 / ((1 + std::abs(x)) * (1 + std::abs(x)));
    case Curve::exponential:
      return std::exp(x);
    case Curve::gelu:
      return gelu_derivative(x);
    case Curve::gelu_tanh:
      return gelu_tanh_derivative(x);
    case Curve::hard_sigmoid:
      return 0 < a.a * x + a.b && a.a * x + a.b < 1 ? double{a.a} : 0;
    case Curve::log_sigmoid:
      return sigmoid(-x);
    case Curve::square:
      return 2 * x;
    case Curve::absolute:
      return x > 0 ? 1 : x < 0 ? -1 : 0;
  }
  return 0;
}

}  // namespace fovea
