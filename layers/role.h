// What a layer is to its neighbours: all that the optimising passes know of layers.
#pragma once

#include <cstdint>
#include <variant>
#include <vector>

#include "kernels/args/common.h"

namespace fovea {

/// The result is the input (Dropout at inference): the layer is dropped.
struct Identity {};

/// min(hi, max(lo, x)) without effect.
inline constexpr Clamp kNoClamp{-__builtin_inff(), __builtin_inff()};

/// y = scale[c] * x + shift[c]: what batch normalisation is at inference. In double, because it is folded into weights.
struct ChannelAffine {
  std::vector<double> scale, shift;
};

/// Zeros added around a feature map.
struct Padding {
  std::int64_t top = 0, bottom = 0, left = 0, right = 0;
};

/// The sum of its inputs.
struct Sum {};

/// Changes nothing but the layout.
struct LayoutChange {};

class PixelConvSource;

/// A convolution of any kind.
struct Convolution {
  const PixelConvSource* pixel = nullptr;  ///< itself, if it is a 1x1 convolution that may be run in parts
};

/// std::monostate: none of these.
using Role =
    std::variant<std::monostate, Identity, Clamp, const ChannelAffine*, Padding, Sum, LayoutChange, Convolution>;

template <class T>
bool is(const Role& role) {
  return std::holds_alternative<T>(role);
}

}  // namespace fovea
