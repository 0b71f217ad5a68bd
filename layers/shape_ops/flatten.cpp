// Keras Flatten: a feature map's values in the order height, width, channel. Source:
// keras/src/layers/reshaping/flatten.py.
#include "layers/window.h"

namespace fovea {

namespace {

class FlattenOp final : public Op {
 public:
  explicit FlattenOp(const TensorDesc& in) : in_(in) {}
  bool has_gradient() const override { return true; }
  void add_gradients(const GradientContext& ctx) const override { pass_gradient(ctx); }
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

class Flatten final : public Layer {
 public:
  explicit Flatten(const LayerConfig& config) : Layer(config) { require_channels_last(config); }
  Shape infer(std::span<const Shape> in) const override { return {only_input(in).elements()}; }
  Role role(std::span<const Shape> in) const override { return in[0].rank() == 1 ? Role(Identity{}) : Role(); }
  std::unique_ptr<Op> prepare(const PrepareContext& ctx) override { return std::make_unique<FlattenOp>(ctx.in[0]); }
};

}  // namespace

std::unique_ptr<Layer> make_flatten(const LayerConfig& config) { return std::make_unique<Flatten>(config); }

}  // namespace fovea
