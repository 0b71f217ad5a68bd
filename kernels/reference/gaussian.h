// Reference Gaussian blur and contrast: one output value.
#pragma once

#include <cstdint>
#include <span>

#include "kernels/args/gaussian.h"

namespace fovea::reference {

/// Place i of a line of n places that is reflected at its ends, as often as needed, without repeating the end itself.
int reflect(int i, int n);

/// Sum of taps[k] * in[reflect(i + k - taps.size() / 2)] over a line of n values, `stride` apart. An odd count of taps.
std::int64_t weighted_sum(std::span<const int> taps, const std::uint8_t* in, std::int64_t stride, int n, int i);
std::int64_t weighted_sum(std::span<const int> taps, const std::uint16_t* in, std::int64_t stride, int n, int i);

/// saturate(round(weight * picture + blur_weight * blurred + offset)), in cv::addWeighted's two orders of addition.
std::uint8_t contrast(std::uint8_t picture, std::uint8_t blurred, float weight, float blur_weight, float offset,
                      bool other_order);

}  // namespace fovea::reference
