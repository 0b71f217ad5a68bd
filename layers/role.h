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

/// The clamp behind a layer, of which there is one at most: nothing can be folded behind it.
class TailClamp {
 public:
  bool taken() const { return taken_; }
  Clamp clamp() const { return clamp_; }
  /// Takes `next` if it is a clamp and the first.
  bool absorb(const Role& next) {
    const auto* clamp = std::get_if<Clamp>(&next);
    if (clamp == nullptr || taken_) return false;
    clamp_ = *clamp;
    return taken_ = true;
  }

 private:
  Clamp clamp_ = kNoClamp;
  bool taken_ = false;
};

}  // namespace fovea
