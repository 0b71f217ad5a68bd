// Reference Gaussian blur and contrast: one output value.
#include "kernels/reference/gaussian.h"

#include <cmath>

namespace fovea::reference {
namespace {

template <class T>
std::int64_t sum_of(std::span<const int> taps, const T* in, std::int64_t stride, int n, int i) {
  std::int64_t sum = 0;
  const int radius = static_cast<int>(taps.size()) / 2;
  int offset = -radius;
  for (const int tap : taps) sum += std::int64_t{tap} * in[reflect(i + offset++, n) * stride];
  return sum;
}

}  // namespace

int reflect(int i, int n) {
  if (n == 1) return 0;
  while (i < 0 || i >= n) i = i < 0 ? -i : 2 * (n - 1) - i;
  return i;
}

std::int64_t weighted_sum(std::span<const int> taps, const std::uint8_t* in, std::int64_t stride, int n, int i) {
  return sum_of(taps, in, stride, n, i);
}

std::int64_t weighted_sum(std::span<const int> taps, const std::uint16_t* in, std::int64_t stride, int n, int i) {
  return sum_of(taps, in, stride, n, i);
}

// Each product and each sum is rounded to float by its assignment; no cast to int is out of its range.
std::uint8_t contrast(std::uint8_t picture, std::uint8_t blurred, float weight, float blur_weight, float offset,
                      bool other_order) {
  const volatile float a = static_cast<float>(picture) * weight, b = static_cast<float>(blurred) * blur_weight;
  const volatile float part = other_order ? a + b : b + offset;
  const volatile float sum = other_order ? part + offset : a + part;
  const double rounded = std::nearbyint(static_cast<double>(sum));
  if (rounded >= 2147483648.0 || rounded <= 0) return 0;  // cvRound gives INT_MIN for what no int holds
  return rounded >= 255 ? 255 : static_cast<std::uint8_t>(rounded);
}

}  // namespace fovea::reference
