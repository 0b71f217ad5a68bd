// Keras Softmax over the last axis. Source: keras/src/layers/activations/softmax.py.
#include "layers/activation.h"
#include "layers/error.h"

namespace fovea {

namespace {

class SoftmaxLayer final : public Layer {
 public:
  using Layer::Layer;
  Shape infer(std::span<const Shape> in) const override { return only_input(in); }
  void prepare(const PrepareContext& ctx) override { desc_ = ctx.out; }
  int in_place_input() const override { return 0; }
  void run(const RunContext& ctx) const noexcept override {
    const int channels = static_cast<int>(desc_.shape.c()), pixels = static_cast<int>(desc_.pixels());
    ctx.team.for_each(ctx.batch, [&](std::int64_t i, int) {
      ctx.kernels.softmax_f32_c16(
          {ctx.in[0].image(i), ctx.out.image(i), channels, pixels, std::int64_t{pixels} * kBlock});
    });
  }

 private:
  TensorDesc desc_;
};

}  // namespace

std::unique_ptr<Layer> make_softmax_layer(const std::string& name, const std::string& class_name) {
  return std::make_unique<SoftmaxLayer>(name, class_name);
}

std::unique_ptr<Layer> make_softmax(const LayerConfig& config) {
  if (config.integer("axis", -1) != -1)
    throw UnsupportedError(config.where("softmax over an axis other than -1 is not supported"));
  return make_softmax_layer(config.name(), config.class_name());
}

}  // namespace fovea
