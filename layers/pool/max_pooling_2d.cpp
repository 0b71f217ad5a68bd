// Keras MaxPooling2D. Source: keras/src/layers/pooling/max_pooling2d.py.
#include <algorithm>

#include "layers/pool/pooling_2d.h"

namespace fovea {

namespace {

class MaxPoolingOp final : public PoolingOp {
 public:
  using PoolingOp::PoolingOp;
  bool has_gradient() const override { return true; }
  // The first of equal maxima has the gradient; padding keeps what it gets.
  void add_gradients(const GradientContext& ctx) const override {
    const GradientOperand& in = ctx.in[0];
    const auto value = [&](std::int64_t cell) {
      return cell == kPaddingCell ? 0.0f : in.value[static_cast<std::size_t>(cell)];
    };
    for (std::int64_t channel = 0; channel < ctx.out.shape.c(); ++channel) {
      for_each_window(channel, [&](std::span<const std::int64_t> cells, std::int64_t out) {
        const std::int64_t best = *std::ranges::max_element(cells, {}, value);
        if (best == kPaddingCell) return;
        in.gradient[static_cast<std::size_t>(best)] += ctx.out.gradient[static_cast<std::size_t>(out)];
      });
    }
  }
};

class MaxPooling2D final : public PoolingLayer {
 public:
  using PoolingLayer::PoolingLayer;
  bool absorb(const Role& neighbour) override {
    const auto* padding = std::get_if<Padding>(&neighbour);
    return padding != nullptr && take_padding(*padding);
  }
  std::unique_ptr<Op> prepare(const PrepareContext& ctx) override {
    return std::make_unique<MaxPoolingOp>(ctx.kernels.pool.max_f32_c16, "max_pool_f32_c16", windows(ctx));
  }
};

}  // namespace

std::unique_ptr<Layer> make_max_pooling_2d(const LayerConfig& config) { return std::make_unique<MaxPooling2D>(config); }

}  // namespace fovea
