// The taps of OpenCV's 8-bit Gaussian blur, and how to sum with them cheaply.
#include "loaders/image/gaussian_taps.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>

namespace fovea {
namespace {

// Longer lags do not pay up to sigma 60, and each is a row of sums to keep.
constexpr int kMaxLag = 16;

// The left half of the normalised Gaussian of `count` taps, an odd number, summed in OpenCV's order.
std::vector<double> left_half(int count, double sigma) {
  std::vector<double> half;
  const double scale = -0.125 / (sigma * sigma);
  double sum = 0;
  for (int x = 1 - count; x < 0; x += 2) {
    half.push_back(std::exp(x * x * scale));
    sum += half.back();
  }
  const double factor = 1 / (sum * 2 + 1);
  for (double& x : half) x *= factor;
  return half;
}

}  // namespace

// Each tap takes over what rounding took from the one before it; the middle gets what is left of 256.
std::vector<int> gaussian_taps(double sigma) {
  const int count = static_cast<int>(std::nearbyint(sigma * 6 + 1)) | 1;
  std::vector<int> taps;
  double error = 0;
  int sum = 0;
  for (const double x : left_half(count, sigma)) {
    const double exact = x * 256 + error;
    const int tap = static_cast<int>(std::nearbyint(exact));
    error = exact - tap;
    sum += tap;
    if (tap != 0 || !taps.empty()) taps.push_back(tap);
  }
  const std::vector<int> left = taps;
  taps.push_back(256 - 2 * sum);
  taps.insert(taps.end(), left.rbegin(), left.rend());
  return taps;
}

void GaussianPlan::Terms::add(int at, int weight, const TermCost& term) {
  if (weight == 0) return;
  if (std::abs(weight) > term.max_repeat) {
    scaled.push_back(at);
    factors.push_back(weight);
    cost += term.scaled;
    return;
  }
  (weight > 0 ? plus : minus).insert((weight > 0 ? plus : minus).end(), static_cast<std::size_t>(std::abs(weight)), at);
  cost += std::abs(weight);
}

WeightedSum GaussianPlan::Terms::view() const {
  return {plus.data(),
          minus.data(),
          scaled.data(),
          factors.data(),
          static_cast<int>(plus.size()),
          static_cast<int>(minus.size()),
          static_cast<int>(scaled.size())};
}

GaussianPlan::Terms GaussianPlan::direct_terms(const std::vector<int>& taps, const TermCost& cost) {
  Terms terms;
  int j = -static_cast<int>(taps.size()) / 2;
  for (const int tap : taps) terms.add(j++, tap, cost);
  return terms;
}

// s[i] - s[i - lag]: the taps around i less those around i - lag.
GaussianPlan::Terms GaussianPlan::running_terms(const std::vector<int>& taps, int lag, const TermCost& cost) {
  Terms terms;
  const int radius = static_cast<int>(taps.size()) / 2;
  const auto tap = [&](int j) {
    const int at = j + radius;
    return at < 0 || at > 2 * radius ? 0 : taps[static_cast<std::size_t>(at)];
  };
  for (int j = -radius - lag; j <= radius; ++j) terms.add(j, tap(j) - tap(j + lag), cost);
  return terms;
}

GaussianPlan::GaussianPlan(const std::vector<int>& taps, TermCost cost)
    : radius_(static_cast<int>(taps.size()) / 2), direct_(direct_terms(taps, cost)) {
  double best = direct_.cost;
  for (int lag = 1; lag <= kMaxLag; ++lag) {
    Terms terms = running_terms(taps, lag, cost);
    if (terms.cost + 1 >= best) continue;  // 1: the sum it goes on from
    best = terms.cost + 1;
    lag_ = lag;
    running_ = std::move(terms);
  }
}

GaussianSums GaussianPlan::sums(int direct_count) const {
  return {direct_.view(), running_.view(), lag_, direct_count, reach_before(), reach_after()};
}

}  // namespace fovea
