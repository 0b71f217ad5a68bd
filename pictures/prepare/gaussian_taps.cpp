// The taps of OpenCV's 8-bit Gaussian blur.
#include "pictures/prepare/gaussian_taps.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>

namespace fovea {
namespace {

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

}  // namespace fovea
