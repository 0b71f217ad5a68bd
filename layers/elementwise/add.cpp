// Keras Add of two or more inputs of one shape, in their order; of several shapes as any other pairing. Source:
// keras/src/layers/merging/add.py.
#include <algorithm>

#include <fovea/error.h>
#include "layers/elementwise/merge.h"
#include "layers/old_layer.h"

namespace fovea {

namespace {

class Add final : public OldLayer {
 public:
  explicit Add(const LayerConfig& config) : OldLayer(config) {}
  Shape infer(std::span<const Shape> in) const override {
    if (in.size() < 2) throw Error(where("takes at least two inputs, has " + std::to_string(in.size())));
    for (const Shape& shape : in) {
      if (shape != in[0])
        throw UnsupportedError(where("adding " + in[0].str() + " and " + shape.str() + " is not supported"));
    }
    return in[0];
  }
  std::unique_ptr<Layer> specialise(std::span<const Shape> in) override {
    const bool alike = std::all_of(in.begin(), in.end(), [&](const Shape& shape) { return shape == in[0]; });
    return alike || clamped_ ? nullptr : make_merge(name(), class_name(), Pairing::add);
  }
  bool is_sum() const override { return true; }
  bool fuse_clamp(Clamp clamp) override {
    if (clamped_) return false;
    clamp_ = clamp;
    return clamped_ = true;
  }
  bool has_gradient() const override { return true; }
  void add_gradients(const GradientContext& ctx) const override {
    for (std::size_t i = 0; i < ctx.out.value.size(); ++i) {
      const double gradient = before_clamp(clamp_, ctx.out.value[i], ctx.out.gradient[i]);
      for (const GradientOperand& in : ctx.in) in.gradient[i] += gradient;
    }
  }
  void set_up(const PrepareContext& ctx) override { floats_ = ctx.out.values(); }
  int in_place_input() const override { return 0; }
  void run(const RunContext& ctx) const noexcept override {
    const std::int64_t pieces = (floats_ + kTaskValues - 1) / kTaskValues;
    ctx.team.for_each(ctx.batch * pieces, [&](std::int64_t task, int) {
      const std::int64_t image = task / pieces, begin = task % pieces * kTaskValues,
                         n = std::min(kTaskValues, floats_ - begin);
      float* out = ctx.out.image(image) + begin;
      const float* sum = ctx.in[0].image(image) + begin;
      for (std::size_t i = 1; i < ctx.in.size(); ++i, sum = out) {
        ctx.kernels.elementwise.add_f32(sum, ctx.in[i].image(image) + begin, out, n,
                                        i + 1 == ctx.in.size() ? clamp_ : kNoClamp);
      }
    });
  }

 private:
  bool clamped_ = false;
  Clamp clamp_ = kNoClamp;
  std::int64_t floats_ = 0;
};

}  // namespace

std::unique_ptr<Layer> make_add(const LayerConfig& config) { return std::make_unique<Add>(config); }

}  // namespace fovea
