// The oracle's activations, each as its definition reads.
#include <algorithm>
#include <limits>
#include <numbers>
#include <stdexcept>
#include <string>

#include "tests/support/oracle_map.h"

namespace fovea::test {
namespace {

Map sigmoid(Map map) {
  for (Bounded& x : map.values) {
    const double value = 1 / (1 + std::exp(-x.value));
    x = {value, value * std::expm1(x.error) + 8 * kEps * value, 0};
  }
  return map;
}

// A function of one value: its result may be off by `roundings` of its own size, and by what the error of its operand
// makes of it (the slope is taken from both sides).
template <class F>
Map apply(F f, double roundings, Map map) {
  for (Bounded& x : map.values) {
    const double value = f(x.value);
    const double moved = std::max(std::abs(f(x.value + x.error) - value), std::abs(f(x.value - x.error) - value));
    // Behind the turning point of a curve that is not monotonic the middle of the range may be the worst.
    x = {value, 2 * moved + roundings * kEps * std::max(std::abs(value), 0x1p-126), 0};
  }
  return map;
}

double swish(double x) { return x / (1 + std::exp(-x)); }
double hard_swish(double x) { return x * std::clamp(x + 3, 0.0, 6.0) / 6; }
double softplus(double x) { return std::max(x, 0.0) + std::log1p(std::exp(-std::abs(x))); }
double mish(double x) { return x * std::tanh(softplus(x)); }
double softsign(double x) { return x / (1 + std::abs(x)); }
double exponential(double x) { return std::exp(x); }
double tangent(double x) { return std::tanh(x); }
double unit_elu(double x) { return x > 0 ? x : std::expm1(x); }
double selu(double x) { return 1.0507009873554805 * (x > 0 ? x : 1.6732632423543772 * std::expm1(x)); }
double gelu(double x) { return x / 2 * std::erfc(-x / std::numbers::sqrt2); }
double gelu_tanh(double x) {
  return x / 2 * (1 + std::tanh(std::sqrt(2 / std::numbers::pi) * (x + 0.044715 * x * x * x)));
}
double log_sigmoid(double x) { return -softplus(-x); }
double square(double x) { return x * x; }
double absolute(double x) { return std::abs(x); }
double leaky(double x) { return x > 0 ? x : 0.2 * x; }

struct Curve {
  const char* name;
  double (*f)(double);
  double relative;  // roundings of the result, for the moderate operands of tests
};
constexpr Curve kCurves[] = {{"leaky_relu", leaky, 3},
                             {"elu", unit_elu, 8},
                             {"celu", unit_elu, 8},
                             {"selu", selu, 8},
                             {"swish", swish, 8},
                             {"silu", swish, 8},
                             {"hard_swish", hard_swish, 6},
                             {"hard_silu", hard_swish, 6},
                             {"tanh", tangent, 12},
                             {"mish", mish, 16},
                             {"softplus", softplus, 10},
                             {"softsign", softsign, 6},
                             {"exponential", exponential, 6},
                             {"gelu", gelu, 24},
                             {"gelu_tanh", gelu_tanh, 24},
                             {"log_sigmoid", log_sigmoid, 10},
                             {"square", square, 2},
                             {"absolute", absolute, 0}};

struct Power {
  double exponent;
  double (*f)(double);
  double roundings;
};
constexpr Power kPowers[] = {
    {-2, [](double x) { return 1 / (x * x); }, 2},        {-1, [](double x) { return 1 / x; }, 1},
    {-0.5, [](double x) { return 1 / std::sqrt(x); }, 2}, {0.5, [](double x) { return std::sqrt(x); }, 1},
    {3, [](double x) { return x * x * x; }, 2},           {4, [](double x) { return x * x * x * x; }, 3}};

}  // namespace

Map power(double exponent, double factor, Map map) {
  for (const Power& known : kPowers) {
    if (exponent != known.exponent) continue;
    return apply([&](double x) { return factor * known.f(x); }, known.roundings + 1, std::move(map));
  }
  throw std::invalid_argument("the oracle knows no power of " + std::to_string(exponent));
}

Map clamp(Map map, double lo, double hi) {
  for (Bounded& x : map.values) x.value = std::min(hi, std::max(lo, x.value));
  return map;
}

Map activate(const std::string& name, Map map) {
  const double infinity = std::numeric_limits<double>::infinity();
  if (name == "relu") return clamp(std::move(map), 0, infinity);
  if (name == "relu6") return clamp(std::move(map), 0, 6);
  if (name == "hard_tanh") return clamp(std::move(map), -1, 1);
  if (name == "softmax" || name == "log_softmax")
    return softmax(LayerConfig("", "", {}, {}), std::move(map), name == "log_softmax");
  if (name == "hard_sigmoid") return clamp(scale_shift(map, {1.0 / 6}, {0.5}), 0, 1);
  if (name == "hard_sigmoid_keras_2") return clamp(scale_shift(map, {0.2}, {0.5}), 0, 1);
  if (name == "sigmoid") return sigmoid(std::move(map));
  if (name == "linear") return map;
  for (const Curve& curve : kCurves) {
    if (name == curve.name) return apply(curve.f, curve.relative, std::move(map));
  }
  throw std::invalid_argument("the oracle knows no activation " + name);
}

Map relu(const LayerConfig& config, Map map) {
  const double infinity = std::numeric_limits<double>::infinity();
  const double slope = config.number("negative_slope", 0), threshold = config.number("threshold", 0);
  const double largest = config.number("max_value", infinity);
  if (slope == 0 && threshold == 0) return clamp(std::move(map), 0, largest);
  const bool clamped = config.has("max_value");
  return apply(
      [&](double x) {
        double kept = x > threshold ? x : 0;
        if (clamped) kept = std::clamp(kept, 0.0, largest);
        return kept - slope * std::max(threshold - x, 0.0);
      },
      6, std::move(map));
}

Map leaky_relu(const LayerConfig& config, Map map) {
  const double slope = config.number(config.has("alpha") ? "alpha" : "negative_slope", 0.3);
  return apply([&](double x) { return x > 0 ? x : slope * x; }, 3, std::move(map));
}

Map elu(const LayerConfig& config, Map map) {
  const double alpha = config.number("alpha", 1);
  return apply([&](double x) { return x > 0 ? x : alpha * std::expm1(x); }, 8, std::move(map));
}

Map thresholded_relu(const LayerConfig& config, Map map) {
  const double theta = config.number("theta", 1);
  return apply([&](double x) { return x > theta ? x : 0; }, 0, std::move(map));
}

}  // namespace fovea::test
