// CustomScaleLayer of keras.applications' InceptionResNetV2: first + scale * second. Source:
// keras/src/applications/inception_resnet_v2.py.
#include <algorithm>

#include <fovea/error.h>
#include "base/ceil_div.h"
#include "base/thread_team.h"
#include "layers/old_layer.h"

namespace fovea {

namespace {

class CustomScaleLayer final : public OldLayer {
 public:
  explicit CustomScaleLayer(const LayerConfig& config)
      : OldLayer(config), scale_(static_cast<float>(config.number("scale", 1))) {}
  Shape infer(std::span<const Shape> in) const override {
    if (in.size() != 2) throw Error(where("takes two inputs, has " + std::to_string(in.size())));
    if (in[0] != in[1])
      throw UnsupportedError(where("adding " + in[0].str() + " and " + in[1].str() + " is not supported"));
    return in[0];
  }
  bool fuse_clamp(Clamp clamp) override {
    if (clamped_) return false;
    clamp_ = clamp;
    return clamped_ = true;
  }
  void set_up(const PrepareContext& ctx) override { floats_ = ctx.out.values(); }
  int in_place_input() const override { return 0; }
  std::string kernel_name() const override { return "add_scaled_f32"; }
  void run(const RunContext& ctx) const noexcept override {
    const std::int64_t pieces = ceil_div(floats_, kTaskValues);
    ctx.team.for_each(ctx.batch * pieces, [&](std::int64_t task, int) {
      const std::int64_t image = task / pieces, begin = task % pieces * kTaskValues;
      ctx.kernels.elementwise.add_scaled_f32(ctx.in[0].image(image) + begin, ctx.in[1].image(image) + begin, scale_,
                                             ctx.out.image(image) + begin, std::min(kTaskValues, floats_ - begin),
                                             clamp_);
    });
  }

 private:
  float scale_;
  bool clamped_ = false;
  Clamp clamp_ = kNoClamp;
  std::int64_t floats_ = 0;
};

}  // namespace

std::unique_ptr<Layer> make_custom_scale_layer(const LayerConfig& config) {
  return std::make_unique<CustomScaleLayer>(config);
}

}  // namespace fovea
