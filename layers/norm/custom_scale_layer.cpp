// CustomScaleLayer of keras.applications' InceptionResNetV2: first + scale * second. Source:
// keras/src/applications/inception_resnet_v2.py.
#include <fovea/error.h>
#include "layers/layer.h"
#include "layers/pieces.h"

namespace fovea {

namespace {

class AddScaledOp final : public Op {
 public:
  AddScaledOp(float scale, Clamp clamp, std::int64_t floats) : scale_(scale), clamp_(clamp), floats_(floats) {}

  OpNeeds needs() const override { return {.in_place_input = 0}; }
  OpReport report() const override { return {.kernel = "add_scaled_f32"}; }
  void run(const RunContext& ctx) const noexcept override {
    for_each_piece(ctx, floats_, [&](std::int64_t image, std::int64_t begin, std::int64_t count) {
      ctx.kernels.elementwise.add_scaled_f32(ctx.in[0].image(image) + begin, ctx.in[1].image(image) + begin, scale_,
                                             ctx.out.image(image) + begin, count, clamp_);
    });
  }

 private:
  float scale_;
  Clamp clamp_;
  std::int64_t floats_;
};

class CustomScaleLayer final : public Layer {
 public:
  explicit CustomScaleLayer(const LayerConfig& config)
      : Layer(config), scale_(static_cast<float>(config.number("scale", 1))) {}
  Shape infer(std::span<const Shape> in) const override {
    if (in.size() != 2) throw Error(where("takes two inputs, has " + std::to_string(in.size())));
    if (in[0] != in[1])
      throw UnsupportedError(where("adding " + in[0].str() + " and " + in[1].str() + " is not supported"));
    return in[0];
  }
  bool absorb(const Role& neighbour) override { return tail_.absorb(neighbour); }
  std::unique_ptr<Op> prepare(const PrepareContext& ctx) override {
    return std::make_unique<AddScaledOp>(scale_, tail_.clamp(), ctx.out.values());
  }

 private:
  float scale_;
  TailClamp tail_;
};

}  // namespace

std::unique_ptr<Layer> make_custom_scale_layer(const LayerConfig& config) {
  return std::make_unique<CustomScaleLayer>(config);
}

}  // namespace fovea
