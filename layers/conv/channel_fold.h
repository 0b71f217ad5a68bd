// What a convolution applies to its sums channel by channel: its bias, what is folded into it, its activation.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "base/aligned.h"
#include "layers/layer.h"

namespace fovea {

/// clamp(scale * sum + shift), then perhaps an activation that is a layer of its own. Scale and shift are kept in
/// double and rounded once, when the weights are packed.
class ChannelFold {
 public:
  /// Reads use_bias, bias and activation. Throws Error as LayerConfig does.
  ChannelFold(const LayerConfig& config, std::int64_t channels);

  /// True if a clamp or an activation follows: nothing can be folded behind it.
  bool closed() const { return tail_.taken() || activation_ != nullptr; }
  /// Folds what follows the sums; false if that cannot be.
  bool fold(const Role& next);
  /// The activation that is a layer of its own, or nullptr.
  std::unique_ptr<Layer> take_activation() { return std::move(activation_); }

  const std::vector<double>& scale() const { return scale_; }
  const std::vector<double>& shift() const { return shift_; }
  /// The shift as floats, in whole blocks of channels.
  AlignedFloats packed_shift() const;
  Clamp clamp() const { return tail_.clamp(); }

 private:
  bool fold(const ChannelAffine& affine);

  std::vector<double> scale_, shift_;
  TailClamp tail_;
  std::unique_ptr<Layer> activation_;
};

}  // namespace fovea
