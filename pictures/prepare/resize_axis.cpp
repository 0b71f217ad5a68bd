// Which places of one direction of a picture a resize reads, and with what weights: OpenCV's, to the bit. The same
// steps in the same precision: a scale is the reciprocal of its reciprocal, fractions are floats.
#include "pictures/prepare/resize_axis.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "pictures/prepare/make_image.h"

namespace fovea {
namespace {

constexpr float kWeightUnit = 2048;
// What a cell covers of a place counts from here on.
constexpr double kLeastCover = 1e-3;

double enlargement(int from, int to) { return static_cast<double>(to) / from; }

double reduction(int from, int to) { return 1 / enlargement(from, to); }

std::int16_t weight(float x) { return static_cast<std::int16_t>(std::nearbyint(x * kWeightUnit)); }

struct Position {
  int place;
  float fraction;
};

// Between the middles of two source places.
Position between_middles(int i, double scale) {
  const auto exact = static_cast<float>((i + 0.5) * scale - 0.5);
  const float place = std::floor(exact);
  return {static_cast<int>(place), exact - place};
}

std::array<float, 2> linear_weights(float x) { return {1 - x, x}; }

// Cubic convolution with a = -3/4; the fourth weight is what the others leave of 1.
std::array<float, 4> cubic_weights(float x) {
  constexpr float a = -0.75f;
  const auto near = [](float d) { return ((a + 2) * d - (a + 3)) * d * d + 1; };
  const float far = ((a * (x + 1) - 5 * a) * (x + 1) + 8 * a) * (x + 1) - 4 * a;
  const float first = near(x), second = near(1 - x);
  return {far, first, second, 1 - far - first - second};
}

template <std::size_t kTaps>
void add(TapAxis& axis, int place, const std::array<float, kTaps>& weights) {
  axis.taps = static_cast<int>(kTaps);
  axis.first.push_back(place - static_cast<int>(kTaps) / 2 + 1);
  for (const float x : weights) axis.weights.push_back(weight(x));
}

}  // namespace

std::vector<std::int32_t> nearest_axis(int from, int to) {
  const double scale = reduction(from, to);
  std::vector<std::int32_t> places;
  for (int i = 0; i < to; ++i) places.push_back(std::min(static_cast<int>(std::floor(i * scale)), from - 1));
  return places;
}

TapAxis linear_axis(int from, int to) {
  TapAxis axis;
  for (int i = 0; i < to; ++i) {
    const auto [place, fraction] = between_middles(i, reduction(from, to));
    add(axis, place, linear_weights(fraction));
  }
  return axis;
}

TapAxis cubic_axis(int from, int to) {
  TapAxis axis;
  for (int i = 0; i < to; ++i) {
    const auto [place, fraction] = between_middles(i, reduction(from, to));
    add(axis, place, cubic_weights(fraction));
  }
  return axis;
}

TapAxis enlarged_area_axis(int from, int to) {
  TapAxis axis;
  for (int i = 0; i < to; ++i) {
    const int place = static_cast<int>(std::floor(i * reduction(from, to)));
    const auto past = static_cast<float>((i + 1) - (place + 1) * enlargement(from, to));
    add(axis, place, linear_weights(past <= 0 ? 0.0f : past - std::floor(past)));
  }
  return axis;
}

TapAxis folded(TapAxis axis, int from) {
  const int taps = axis.taps, last = std::max(0, from - taps);
  for (std::size_t i = 0; i < axis.first.size(); ++i) {
    const int first = axis.first[i], inside = std::clamp(first, 0, last);
    if (first == inside && first + taps <= from) continue;
    std::int16_t* weights = axis.weights.data() + i * as_size(taps);
    const std::vector<std::int16_t> before(weights, weights + taps);
    std::fill_n(weights, taps, std::int16_t{0});
    for (int k = 0; k < taps; ++k) {
      std::int16_t& to = weights[std::clamp(first + k, 0, from - 1) - inside];
      to = static_cast<std::int16_t>(to + before[as_size(k)]);
    }
    axis.first[i] = inside;
  }
  return axis;
}

bool reduces(int from, int to) { return reduction(from, to) >= 1; }

CellAxis covered_cells(int from, int to) {
  const double scale = reduction(from, to);
  CellAxis axis;
  axis.begin.push_back(0);
  for (int i = 0; i < to; ++i) {
    const double begin = i * scale, end = begin + scale, width = std::min(scale, from - begin);
    const int last = std::min(static_cast<int>(std::floor(end)), from - 1);
    const int first = std::min(static_cast<int>(std::ceil(begin)), last);
    const bool part_before = first - begin > kLeastCover;
    axis.first.push_back(part_before ? first - 1 : first);
    if (part_before) axis.weights.push_back(static_cast<float>((first - begin) / width));
    axis.weights.insert(axis.weights.end(), as_size(last - first), static_cast<float>(1 / width));
    if (end - last > kLeastCover) {
      axis.weights.push_back(static_cast<float>(std::min({end - last, 1.0, width}) / width));
    }
    axis.begin.push_back(static_cast<std::int32_t>(axis.weights.size()));
  }
  return axis;
}

int whole_cells(int from, int to) {
  const double scale = reduction(from, to), whole = std::nearbyint(scale);
  return std::abs(scale - whole) < std::numeric_limits<double>::epsilon() ? static_cast<int>(whole) : 0;
}

CellAxis counted_cells(int from, int to) {
  const int n = whole_cells(from, to);
  CellAxis axis;
  for (int i = 0; i <= to; ++i) axis.begin.push_back(n * i);
  axis.first.assign(axis.begin.begin(), axis.begin.end() - 1);
  axis.weights.assign(as_size(from), 1);
  return axis;
}

}  // namespace fovea
