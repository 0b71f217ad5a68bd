// exp by halving the argument's range and Taylor's series, log by that of atanh.
#include "layers/elementwise/real_math.h"

#include <array>
#include <cmath>
#include <cstddef>
#include <limits>

namespace fovea {

namespace {

// ln 2 in two parts, the first short enough that a whole number times it is exact.
constexpr double kLog2High = 6.93147180369123816490e-01, kLog2Low = 1.90821492927058770002e-10;
constexpr double kLog2 = 6.93147180559945309417e-01, kSqrtHalf = 7.07106781186547524401e-01;
constexpr double kInfinity = std::numeric_limits<double>::infinity(), kNaN = std::numeric_limits<double>::quiet_NaN();
// Beyond these the result is infinite, or nothing.
constexpr double kMostExponent = 710, kLeastExponent = -746;

constexpr auto kOneBy = [] {
  std::array<double, 24> values{};
  for (std::size_t k = 1; k < values.size(); ++k) values[k] = 1.0 / static_cast<double>(k);
  return values;
}();

// exp(r) - 1 for |r| <= 0.35 or so: the terms from r^14 on are below 1e-17 of it.
double series_of_exp(double r) noexcept {
  double sum = 0;
  for (std::size_t k = 14; k >= 2; --k) sum = (sum + 1) * (r * kOneBy[k]);
  return (sum + 1) * r;
}

// log((1 + s) / (1 - s)) = 2 (s + s^3 / 3 + s^5 / 5 + ...) for |s| < 0.172.
double series_of_log(double s) noexcept {
  const double z = s * s;
  double sum = 0;
  for (std::size_t k = 23; k >= 3; k -= 2) sum = (sum + kOneBy[k]) * z;
  return 2 * s + 2 * s * sum;
}

// x = 2^exponent * fraction with the fraction from sqrt(1/2) to sqrt(2).
struct Split {
  int exponent;
  double fraction;
};
Split split(double x) noexcept {
  int exponent = 0;
  double fraction = std::frexp(x, &exponent);
  if (fraction < kSqrtHalf) {
    fraction *= 2;
    --exponent;
  }
  return {exponent, fraction};
}

// What a logarithm is where it is no number of its own.
bool has_log(double x) noexcept { return x > 0 && x < kInfinity; }
double log_of_other(double x) noexcept { return x == 0 ? -kInfinity : x > 0 ? x : kNaN; }

bool is_whole(double x) noexcept { return x == std::trunc(x); }
bool is_odd(double x) noexcept { return is_whole(x) && std::abs(x) < 0x1p53 && std::fmod(x, 2) != 0; }

}  // namespace

double exp_of(double x) noexcept {
  if (!(x < kMostExponent)) return x + kInfinity;  // NaN stays
  if (x < kLeastExponent) return 0;
  const double n = std::rint(x / kLog2);
  const double r = (x - n * kLog2High) - n * kLog2Low;
  return std::ldexp(1 + series_of_exp(r), static_cast<int>(n));
}

double exp_less_1_of(double x) noexcept { return std::abs(x) < 0.35 ? series_of_exp(x) : exp_of(x) - 1; }

double log_of(double x) noexcept {
  if (!has_log(x)) return log_of_other(x);
  const auto [exponent, fraction] = split(x);
  return exponent * kLog2High + (exponent * kLog2Low + series_of_log((fraction - 1) / (fraction + 1)));
}

double log_1_plus_of(double x) noexcept { return std::abs(x) < 0.25 ? series_of_log(x / (2 + x)) : log_of(1 + x); }

double log_2_of(double x) noexcept {
  if (!has_log(x)) return log_of_other(x);
  const auto [exponent, fraction] = split(x);
  return exponent + series_of_log((fraction - 1) / (fraction + 1)) / kLog2;
}

double power_of(double x, double exponent) noexcept {
  if (exponent == 0 || x == 1) return 1;
  if (std::isnan(x) || std::isnan(exponent)) return kNaN;
  const double size = std::abs(x);
  if (std::isinf(exponent)) return size == 1 ? 1 : (size > 1) == (exponent > 0) ? kInfinity : 0;
  if (x < 0 && size < kInfinity && !is_whole(exponent)) return kNaN;
  double result = 0;
  if (size == 0 || size == kInfinity) {
    result = (size == 0) == (exponent > 0) ? 0 : kInfinity;
  } else {
    result = exp_of(exponent * log_of(size));
  }
  return std::signbit(x) && is_odd(exponent) ? -result : result;
}

}  // namespace fovea
