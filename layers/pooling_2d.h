// What max and average pooling share: attributes, shapes, and one block of 16 channels per task.
#pragma once

#include "layers/layer.h"
#include "layers/window.h"

namespace fovea {

/// Keras pooling with pool_size, strides and padding. The derived layer says which kernel runs.
class Pooling2D : public Layer {
 public:
  explicit Pooling2D(const LayerConfig& config);
  Shape infer(std::span<const Shape> in) const final;
  void prepare(const PrepareContext& ctx) final;
  void run(const RunContext& ctx) const noexcept final;

 protected:
  using Kernel = void (*)(const Pool&) noexcept;
  virtual Kernel pick(const KernelTable& kernels) const noexcept = 0;
  /// Zeros that a ZeroPadding2D before this layer would have added.
  void set_padding(const Padding& padding) {
    padding_ = padding;
    zero_padding_ = true;
  }
  bool same() const { return same_; }

 private:
  WindowAxis y_, x_;
  bool same_, zero_padding_ = false;
  Padding padding_;
  TensorDesc in_, out_;
};

}  // namespace fovea
