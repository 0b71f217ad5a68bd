// What max and average pooling share: attributes, shapes, and one block of 16 channels per task.
#pragma once

#include <functional>

#include "layers/old_layer.h"
#include "layers/window.h"

namespace fovea {

/// Keras pooling with pool_size, strides and padding. The derived layer says which kernel runs.
class Pooling2D : public OldLayer {
 public:
  explicit Pooling2D(const LayerConfig& config);
  Shape infer(std::span<const Shape> in) const final;
  void set_up(const PrepareContext& ctx) final;
  void run(const RunContext& ctx) const noexcept final;

 protected:
  using Kernel = void (*)(const PoolArgs&) noexcept;
  virtual Kernel pick(const KernelTable& kernels) const noexcept = 0;
  /// Zeros that a ZeroPadding2D before this layer would have added.
  void set_padding(const Padding& padding) {
    padding_ = padding;
    zero_padding_ = true;
  }
  bool same() const { return same_; }

  /// Calls use(input cells, result cell) for every window of one channel in the order in which they lie, with the
  /// places of both in [H][W][C]; a cell of zero padding is kPaddingCell.
  static constexpr std::int64_t kPaddingCell = -1;
  void for_each_window(std::int64_t channel,
                       const std::function<void(std::span<const std::int64_t>, std::int64_t)>& use) const;

 private:
  WindowAxis y_, x_;
  bool same_, zero_padding_ = false;
  Padding padding_;
  TensorDesc in_, out_;
};

}  // namespace fovea
