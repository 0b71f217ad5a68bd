// Keras Cropping2D and CenterCrop: a part of the rows and columns. Sources:
// keras/src/layers/reshaping/cropping2d.py, keras/src/layers/preprocessing/image_preprocessing/center_crop.py.
#include <fovea/error.h>
#include "layers/window.h"

namespace fovea {

namespace {

class Crop final : public Layer {
 public:
  /// Takes pixels off at each side.
  Crop(const LayerConfig& config, const Padding& sides) : Layer(config), sides_(sides) {}
  /// Keeps the middle of this size.
  Crop(const LayerConfig& config, std::int64_t h, std::int64_t w) : Layer(config), h_(h), w_(w) {}

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
  Role role(std::span<const Shape> in) const override { return infer(in) == in[0] ? Role(Identity{}) : Role(); }
  std::unique_ptr<Op> prepare(const PrepareContext& ctx) override {
    if (h_ == 0) return make_window_copy(ctx.in[0], ctx.out, sides_.top, sides_.left);
    const Shape& in = ctx.in[0].shape;
    return make_window_copy(ctx.in[0], ctx.out, (in.h() - h_) / 2, (in.w() - w_) / 2);
  }

 private:
  Padding sides_;
  std::int64_t h_ = 0, w_ = 0;
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
