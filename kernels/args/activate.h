// Activations that are more than a clamp, and their parameters.
#pragma once

#include "kernels/args/common.h"

namespace fovea {

/// Activations that are more than a clamp, each with its parameters.
enum class Curve {
  relu,        ///< clamp(x > a ? x : 0) - b * max(a - x, 0)
  elu,         ///< x > 0 ? a * x : b * expm1(c * x); c > 0
  swish,       ///< x / (1 + exp(-x))
  hard_swish,  ///< x * min(max(x + 3, 0), 6) / 6
  tanh,
  mish,      ///< x * tanh(log(1 + exp(x)))
  softplus,  ///< log(1 + exp(x))
  softsign,  ///< x / (1 + |x|)
  exponential,
  gelu,          ///< x times the normal distribution's cumulative probability
  gelu_tanh,     ///< its approximation x / 2 * (1 + tanh(sqrt(2 / pi) * (x + 0.044715 x^3)))
  hard_sigmoid,  ///< min(1, max(0, a * x + b))
  log_sigmoid,   ///< -log(1 + exp(-x))
  square,
  absolute,
};

/// A curve with its parameters.
struct ActivateArgs {
  Curve curve;
  float a = 0, b = 0, c = 0;
  Clamp clamp = {-__builtin_inff(), __builtin_inff()};
};

}  // namespace fovea
