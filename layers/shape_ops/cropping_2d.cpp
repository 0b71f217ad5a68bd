// Keras Cropping2D and CenterCrop: a part of the rows and columns. Sources:
// keras/src/layers/reshaping/cropping2d.py, keras/src/layers/preprocessing/image_preprocessing/center_crop.py.
#include <fovea/error.h>
#include "layers/old_layer.h"
#include "layers/window.h"

namespace fovea {

namespace {

class Crop final : public OldLayer {
 public:
  /// Takes pixels off at each side.
  Crop(const LayerConfig& config, const Padding& sides) : OldLayer(config), sides_(sides) {}
  /// Keeps the middle of this size.
  Crop(const LayerConfig& config, std::int64_t h, std::int64_t w) : OldLayer(config), h_(h), w_(w) {}

  Shape infer(std::span<const Shape> in) const override {
    const Shape& shape = feature_map(in);
    if (h_ > shape.h() || w_ > shape.w()) {
      throw UnsupportedError(where("enlarging " + shape.str() + " to " + Shape{h_, w_}.str() + " is not supported"));
    }
    if (h_ > 0) return {h_, w_, shape.c()};
    const Shape out{shape.h() - sides_.top - sides_.bottom, shape.w() - sides_.left - sides_.right, shape.c()};
    if (out.h() <= 0 || out.w() <= 0) throw Error(where("nothing is left of " + shape.str()));
    return out;
  }
  bool is_identity(std::span<const Shape> in) const override { return infer(in) == in[0]; }
  void set_up(const PrepareContext& ctx) override {
    in_ = ctx.in[0];
    out_ = ctx.out;
    if (h_ == 0) return;
    sides_.top = (in_.shape.h() - h_) / 2;
    sides_.left = (in_.shape.w() - w_) / 2;
  }
  std::string kernel_name() const override { return "pack_rows_f32_c16"; }

  void run(const RunContext& ctx) const noexcept override { copy_window(ctx, in_, out_, sides_.top, sides_.left); }

 private:
  Padding sides_;
  std::int64_t h_ = 0, w_ = 0;
  TensorDesc in_, out_;
};

}  // namespace

std::unique_ptr<Layer> make_cropping_2d(const LayerConfig& config) {
  require_channels_last(config);
  return std::make_unique<Crop>(config, read_sides(config, "cropping", 0));
}

std::unique_ptr<Layer> make_center_crop(const LayerConfig& config) {
  require_channels_last(config);
  const std::int64_t h = config.integer("height", 0), w = config.integer("width", 0);
  if (h < 1 || w < 1) throw Error(config.where("height and width must be positive"));
  return std::make_unique<Crop>(config, h, w);
}

}  // namespace fovea
