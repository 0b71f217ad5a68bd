// Keras ZeroPadding2D, where it could not be merged into what follows. Source:
// keras/src/layers/reshaping/zero_padding2d.py.
#include <fovea/error.h>
#include "layers/old_layer.h"
#include "layers/window.h"

namespace fovea {

namespace {

class ZeroPadding2D final : public OldLayer {
 public:
  explicit ZeroPadding2D(const LayerConfig& config) : OldLayer(config), padding_(read_sides(config, "padding", 1)) {
    require_channels_last(config);
  }

  Shape infer(std::span<const Shape> in) const override {
    const Shape& shape = feature_map(in);
    return {shape.h() + padding_.top + padding_.bottom, shape.w() + padding_.left + padding_.right, shape.c()};
  }
  std::optional<Padding> as_padding() const override { return padding_; }
  void set_up(const PrepareContext& ctx) override {
    in_ = ctx.in[0];
    out_ = ctx.out;
  }
  std::string kernel_name() const override { return "pack_rows_f32_c16"; }

  void run(const RunContext& ctx) const noexcept override {
    copy_window(ctx, in_, out_, -padding_.top, -padding_.left);
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
