// Global pooling: one value a channel.
#pragma once

#include <string>

#include "layers/layer.h"

namespace fovea {

/// Runs a kernel over each block of 16 channels. The derived operation has the gradient.
class GlobalPoolingOp : public Op {
 public:
  using Kernel = void (*)(const float*, int, float*) noexcept;
  GlobalPoolingOp(Kernel kernel, std::string kernel_name, const TensorDesc& in)
      : kernel_(kernel), kernel_name_(std::move(kernel_name)), in_(in) {}

  OpReport report() const final { return {.kernel = kernel_name_}; }
  bool has_gradient() const final { return true; }
  void run(const RunContext& ctx) const noexcept final;

 private:
  Kernel kernel_;
  std::string kernel_name_;
  TensorDesc in_;
};

/// Keras GlobalAveragePooling2D and GlobalMaxPooling2D, with or without keepdims. The derived layer makes the
/// operation.
class GlobalPoolingLayer : public Layer {
 public:
  explicit GlobalPoolingLayer(const LayerConfig& config);
  Shape infer(std::span<const Shape> in) const final;

 private:
  bool keepdims_;
};

}  // namespace fovea
