// The oracle's activations, each as its definition reads.
#include <algorithm>
#include <limits>
#include <numbers>
#include <stdexcept>

#include "tests/support/oracle_map.h"

namespace fovea::test {
namespace {

Map clamp(Map map, double lo, double hi) {
  for (Bounded& x : map.values) x.value = std::min(hi, std::max(lo, x.value));
  return map;
}

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
                             {"gelu", gelu, 24}};

}  // namespace

// Errors e of the inputs change each result by a factor of at most exp(2 max e); for the rest see
// reference/softmax.cpp.
Map softmax(Map map) {
  const std::size_t channels = static_cast<std::size_t>(map.shape.c());
  for (std::size_t first = 0; first < map.values.size(); first += channels) {
    double largest = -std::numeric_limits<double>::infinity(), worst = 0, sum = 0, rounding = 0;
    for (std::size_t c = 0; c < channels; ++c) {
      largest = std::max(largest, map.values[first + c].value);
      worst = std::max(worst, map.values[first + c].error);
    }
    for (std::size_t c = 0; c < channels; ++c) {
      const double below = largest - map.values[first + c].value;
      sum += std::exp(-below);
      rounding += std::exp(-below) * below;
    }
    for (std::size_t c = 0; c < channels; ++c) {
      Bounded& x = map.values[first + c];
      const double below = largest - x.value, value = std::exp(-below) / sum;
      const double terms = below + 4 + rounding / sum + 4 + static_cast<double>(channels) + 1;
      x = {value, value * std::expm1(2 * worst) + (terms + 2) * kEps * std::max(value, 0x1p-126), 0};
    }
  }
  return map;
}

Map activate(const std::string& name, Map map) {
  const double infinity = std::numeric_limits<double>::infinity();
  if (name == "relu") return clamp(std::move(map), 0, infinity);
  if (name == "relu6") return clamp(std::move(map), 0, 6);
  if (name == "softmax") return softmax(std::move(map));
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

}  // namespace fovea::test
