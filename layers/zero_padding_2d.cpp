// Keras ZeroPadding2D, where it could not be merged into what follows. Source:
// keras/src/layers/reshaping/zero_padding2d.py.
#include "layers/error.h"
#include "layers/layer.h"
#include "layers/window.h"

namespace fovea {

namespace {

class ZeroPadding2D final : public Layer {
 public:
  explicit ZeroPadding2D(const LayerConfig& config) : Layer(config), padding_(read_sides(config, "padding", 1)) {
    require_channels_last(config);
  }

  Shape infer(std::span<const Shape> in) const override {
    const Shape& shape = feature_map(in);
    return {shape.h() + padding_.top + padding_.bottom, shape.w() + padding_.left + padding_.right, shape.c()};
  }
  std::optional<Padding> as_padding() const override { return padding_; }
  void prepare(const PrepareContext& ctx) override {
    in_ = ctx.in[0];
    out_ = ctx.out;
  }
  std::string kernel_name() const override { return "pack_rows_f32_c16"; }

  void run(const RunContext& ctx) const noexcept override {
    const std::int64_t blocks = in_.blocks();
    ctx.team.for_each(ctx.batch * blocks, [&](std::int64_t task, int) {
      const std::int64_t image = task / blocks, block = task % blocks;
      ctx.kernels.pack_rows_f32_c16({.in = ctx.in[0].image(image) + block * in_.pixels() * kBlock,
                                     .h = static_cast<int>(in_.shape.h()),
                                     .w = static_cast<int>(in_.shape.w()),
                                     .groups = 1,
                                     .y0 = static_cast<int>(-padding_.top),
                                     .row_step = 1,
                                     .x0 = static_cast<int>(-padding_.left),
                                     .rows = static_cast<int>(out_.shape.h()),
                                     .cols = static_cast<int>(out_.shape.w()),
                                     .phases = 1,
                                     .keep_phases = 1,
                                     .out = ctx.out.image(image) + block * out_.pixels() * kBlock});
    });
  }

 private:
  Padding padding_;
  TensorDesc in_, out_;
};

}  // namespace

std::unique_ptr<Layer> make_zero_padding_2d(const LayerConfig& config) {
  return std::make_unique<ZeroPadding2D>(config);
}

}  // namespace fovea
