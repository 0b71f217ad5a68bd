// Keras GlobalMaxPooling2D. Source: keras/src/layers/pooling/global_max_pooling2d.py.
#include "layers/pool/global_pooling_2d.h"

namespace fovea {

namespace {

class GlobalMaxOp final : public GlobalPoolingOp {
 public:
  using GlobalPoolingOp::GlobalPoolingOp;
  // Equal maxima share the gradient.
  void add_gradients(const GradientContext& ctx) const override {
    const std::size_t channels = ctx.out.gradient.size();
    const GradientOperand& in = ctx.in[0];
    std::vector<int> maxima(channels);
    for (std::size_t i = 0; i < in.value.size(); ++i)
      maxima[i % channels] += in.value[i] == ctx.out.value[i % channels];
    for (std::size_t i = 0; i < in.value.size(); ++i) {
      const std::size_t c = i % channels;
      if (in.value[i] == ctx.out.value[c]) in.gradient[i] += ctx.out.gradient[c] / maxima[c];
    }
  }
};

class GlobalMaxPooling2D final : public GlobalPoolingLayer {
 public:
  using GlobalPoolingLayer::GlobalPoolingLayer;
  std::unique_ptr<Op> prepare(const PrepareContext& ctx) override {
    return std::make_unique<GlobalMaxOp>(ctx.kernels.pool.global_max_f32_c16, "global_max_f32_c16", ctx.in[0]);
  }
};

}  // namespace

std::unique_ptr<Layer> make_global_max_pooling_2d(const LayerConfig& config) {
  return std::make_unique<GlobalMaxPooling2D>(config);
}

}  // namespace fovea
