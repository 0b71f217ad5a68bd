// What a convolution applies to its sums channel by channel.
#include "layers/conv/channel_fold.h"

#include <algorithm>

#include "base/ceil_div.h"
#include "layers/elementwise/activation.h"

namespace fovea {

ChannelFold::ChannelFold(const LayerConfig& config, std::int64_t channels)
    : scale_(static_cast<std::size_t>(channels), 1.0), shift_(static_cast<std::size_t>(channels), 0.0) {
  if (config.boolean("use_bias", true)) {
    const Weight& bias = config.weight("bias", {channels});
    std::copy_n(bias.data.get(), channels, shift_.begin());
  }
  ActivationChoice activation = read_activation(config);
  const Clamp clamp = activation.clamp;
  if (clamp.lo != kNoClamp.lo || clamp.hi != kNoClamp.hi) tail_.absorb(clamp);
  activation_ = std::move(activation.layer);
}

bool ChannelFold::fold(const Role& next) {
  if (const auto* affine = std::get_if<const ChannelAffine*>(&next)) return fold(**affine);
  return !closed() && tail_.absorb(next);
}

AlignedFloats ChannelFold::packed_shift() const {
  AlignedFloats packed(ceil_div(std::ssize(shift_), kBlock) * kBlock);
  std::ranges::transform(shift_, packed.data(), [](double x) { return static_cast<float>(x); });
  return packed;
}

bool ChannelFold::fold(const ChannelAffine& affine) {
  if (closed() || affine.scale.size() != scale_.size()) return false;
  for (std::size_t c = 0; c < scale_.size(); ++c) {
    scale_[c] *= affine.scale[c];
    shift_[c] = shift_[c] * affine.scale[c] + affine.shift[c];
  }
  return true;
}

}  // namespace fovea
