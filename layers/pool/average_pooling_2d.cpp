// Keras AveragePooling2D: padding is not counted. Source: keras/src/layers/pooling/average_pooling2d.py.
#include "layers/pool/pooling_2d.h"

namespace fovea {

namespace {

class AveragePoolingOp final : public PoolingOp {
 public:
  using PoolingOp::PoolingOp;
  bool has_gradient() const override { return true; }
  void add_gradients(const GradientContext& ctx) const override {
    for (std::int64_t channel = 0; channel < ctx.out.shape.c(); ++channel) {
      for_each_window(channel, [&](std::span<const std::int64_t> cells, std::int64_t out) {
        const double share = ctx.out.gradient[static_cast<std::size_t>(out)] / static_cast<double>(cells.size());
        for (const std::int64_t cell : cells) ctx.in[0].gradient[static_cast<std::size_t>(cell)] += share;
      });
    }
  }
};

class AveragePooling2D final : public PoolingLayer {
 public:
  using PoolingLayer::PoolingLayer;
  std::unique_ptr<Op> prepare(const PrepareContext& ctx) override {
    return std::make_unique<AveragePoolingOp>(ctx.kernels.pool.average_f32_c16, "average_pool_f32_c16", windows(ctx));
  }
};

}  // namespace

std::unique_ptr<Layer> make_average_pooling_2d(const LayerConfig& config) {
  return std::make_unique<AveragePooling2D>(config);
}

}  // namespace fovea
