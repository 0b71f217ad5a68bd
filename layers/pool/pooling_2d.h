// What max and average pooling share: attributes, shapes, and one block of 16 channels per task.
#pragma once

#include <functional>
#include <string>

#include "layers/layer.h"
#include "layers/window.h"

namespace fovea {

/// The windows of a pooling layer over one map.
struct PoolWindows {
  WindowAxis y, x;
  WindowSpan rows, cols;
  bool zero_padding;  ///< padding counts as zeros
  TensorDesc in, out;
};

/// Runs a kernel over the windows. Poolings that have a gradient derive from it.
class PoolingOp : public Op {
 public:
  using Kernel = void (*)(const PoolArgs&) noexcept;
  PoolingOp(Kernel kernel, std::string kernel_name, const PoolWindows& windows)
      : kernel_(kernel), kernel_name_(std::move(kernel_name)), windows_(windows) {}

  OpReport report() const final { return {.kernel = kernel_name_}; }
  void run(const RunContext& ctx) const noexcept final;

 protected:
  /// Calls use(input cells, result cell) for every window of one channel in the order in which they lie, with the
  /// places of both in [H][W][C]; a cell of zero padding is kPaddingCell.
  static constexpr std::int64_t kPaddingCell = -1;
  void for_each_window(std::int64_t channel,
                       const std::function<void(std::span<const std::int64_t>, std::int64_t)>& use) const;

 private:
  Kernel kernel_;
  std::string kernel_name_;
  PoolWindows windows_;
};

/// Keras pooling with pool_size, strides and padding. The derived layer makes the operation.
class PoolingLayer : public Layer {
 public:
  explicit PoolingLayer(const LayerConfig& config);
  Shape infer(std::span<const Shape> in) const final;

 protected:
  /// Zeros that a ZeroPadding2D before this layer would have added. False: it has padding of its own.
  bool take_padding(const Padding& padding);
  PoolWindows windows(const PrepareContext& ctx) const;

 private:
  WindowSpan rows(const Shape& in) const { return window_span(y_, same_, in.h(), padding_.top, padding_.bottom); }
  WindowSpan cols(const Shape& in) const { return window_span(x_, same_, in.w(), padding_.left, padding_.right); }

  WindowAxis y_, x_;
  bool same_, zero_padding_ = false;
  Padding padding_;
};

}  // namespace fovea
