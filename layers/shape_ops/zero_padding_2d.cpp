// Keras ZeroPadding2D, where it could not be merged into what follows. Source:
// keras/src/layers/reshaping/zero_padding2d.py.
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
  Role role(std::span<const Shape>) const override { return padding_; }
  std::unique_ptr<Op> prepare(const PrepareContext& ctx) override {
    return make_window_copy(ctx.in[0], ctx.out, -padding_.top, -padding_.left);
  }

 private:
  Padding padding_;
};

}  // namespace

std::unique_ptr<Layer> make_zero_padding_2d(const LayerConfig& config) {
  return std::make_unique<ZeroPadding2D>(config);
}

}  // namespace fovea
