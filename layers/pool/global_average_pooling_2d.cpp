// Keras GlobalAveragePooling2D. Source: keras/src/layers/pooling/global_average_pooling2d.py.
#include "layers/pool/global_pooling_2d.h"

namespace fovea {

namespace {

class GlobalAverageOp final : public GlobalPoolingOp {
 public:
  using GlobalPoolingOp::GlobalPoolingOp;
  void add_gradients(const GradientContext& ctx) const override {
    const std::size_t channels = ctx.out.gradient.size(), pixels = ctx.in[0].gradient.size() / channels;
    for (std::size_t i = 0; i < ctx.in[0].gradient.size(); ++i) {
      ctx.in[0].gradient[i] += ctx.out.gradient[i % channels] / static_cast<double>(pixels);
    }
  }
};

class GlobalAveragePooling2D final : public GlobalPoolingLayer {
 public:
  using GlobalPoolingLayer::GlobalPoolingLayer;
  std::unique_ptr<Op> prepare(const PrepareContext& ctx) override {
    return std::make_unique<GlobalAverageOp>(ctx.kernels.pool.global_average_f32_c16, "global_average_f32_c16",
                                             ctx.in[0]);
  }
};

}  // namespace

std::unique_ptr<Layer> make_global_average_pooling_2d(const LayerConfig& config) {
  return std::make_unique<GlobalAveragePooling2D>(config);
}

}  // namespace fovea
