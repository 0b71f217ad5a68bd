// Keras Flatten: a feature map's values in the order height, width, channel. Source:
// keras/src/layers/reshaping/flatten.py.
#include "layers/old_layer.h"
#include "layers/window.h"

namespace fovea {

namespace {

class Flatten final : public OldLayer {
 public:
  explicit Flatten(const LayerConfig& config) : OldLayer(config) { require_channels_last(config); }
  Shape infer(std::span<const Shape> in) const override { return {only_input(in).elements()}; }
  bool is_identity(std::span<const Shape> in) const override { return in[0].rank() == 1; }
  bool has_gradient() const override { return true; }
  void add_gradients(const GradientContext& ctx) const override { pass_gradient(ctx); }
  void set_up(const PrepareContext& ctx) override { in_ = ctx.in[0]; }
  void run(const RunContext& ctx) const noexcept override {
    ctx.team.for_each(ctx.batch, [&](std::int64_t i, int) {
      float* out = ctx.out.image(i);
      ctx.kernels.pack.c16_to_nhwc_f32(ctx.in[0].image(i), out, in_.pixels(), static_cast<int>(in_.shape.c()));
      for (std::int64_t k = in_.shape.elements(); k % kBlock != 0; ++k) out[k] = 0;
    });
  }

 private:
  TensorDesc in_;
};

}  // namespace

std::unique_ptr<Layer> make_flatten(const LayerConfig& config) { return std::make_unique<Flatten>(config); }

}  // namespace fovea
