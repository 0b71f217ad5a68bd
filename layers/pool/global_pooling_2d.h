// Global pooling: one value a channel.
#pragma once

#include "layers/old_layer.h"

namespace fovea {

/// Keras GlobalAveragePooling2D and GlobalMaxPooling2D, with or without keepdims.
class GlobalPooling2D : public OldLayer {
 public:
  explicit GlobalPooling2D(const LayerConfig& config);
  Shape infer(std::span<const Shape> in) const final;
  void set_up(const PrepareContext& ctx) final { in_ = ctx.in[0]; }
  void run(const RunContext& ctx) const noexcept final;

 protected:
  using Kernel = void (*)(const float*, int, float*) noexcept;
  virtual Kernel pick(const KernelTable& kernels) const noexcept = 0;

 private:
  bool keepdims_;
  TensorDesc in_;
};

}  // namespace fovea
