// Reference resizing of pictures: one value of a row each.
#include "kernels/reference/resize.h"

#include <cmath>

namespace fovea::reference {
namespace {

// Sums and products of two floats are exact in double, or nearly: rounded to float they are what one operation gives.
float product(float a, float b) { return static_cast<float>(static_cast<double>(a) * static_cast<double>(b)); }
float sum(float a, float b) { return static_cast<float>(static_cast<double>(a) + static_cast<double>(b)); }

}  // namespace

std::int64_t resize_across_u8(const ResizeAcrossArgs& r, int taps, int x, int c) {
  std::int64_t total = 0;
  for (int k = 0; k < taps; ++k) {
    const std::int64_t at = std::int64_t{3} * (r.first[x] + k) + c;
    const int weight = r.weights[taps * x + k];
    if (at < r.in_bytes) total += std::int64_t{weight} * r.in[at];
  }
  return total;
}

float resize_cells_across_u8(const ResizeCellsArgs& r, int x, int c) {
  float total = 0;
  for (std::int32_t k = r.begin[x]; k < r.begin[x + 1]; ++k) {
    const std::int64_t at = std::int64_t{3} * (r.first[x] + k - r.begin[x]) + c;
    total = sum(total, product(static_cast<float>(r.in[at]), r.weights[k]));
  }
  return total;
}

std::uint8_t resize_cubic_down_f32(const float (&rows)[4], const float (&weights)[4]) {
  float total = product(rows[3], weights[3]);
  for (int k = 2; k >= 0; --k) total = sum(product(rows[k], weights[k]), total);
  return round_f32_u8(total);
}

std::uint8_t resize_linear_down_s16(std::int16_t a, std::int16_t b, std::int16_t weight_a, std::int16_t weight_b) {
  const auto shifted = [](int value, int weight) { return std::floor(value * static_cast<double>(weight) / 65536); };
  return static_cast<std::uint8_t>(std::floor((shifted(a, weight_a) + shifted(b, weight_b) + 2) / 4));
}

float resize_cells_down_f32(float row, float weight, bool first, float before) {
  const float scaled = product(row, weight);
  return first ? scaled : sum(before, scaled);
}

std::uint8_t round_f32_u8(float x) {
  const double rounded = std::nearbyint(static_cast<double>(x));
  if (!(rounded < 2147483648.0) || rounded <= 0) return 0;
  return rounded >= 255 ? 255 : static_cast<std::uint8_t>(rounded);
}

}  // namespace fovea::reference
