// Keras Add of two or more inputs of one shape, in their order; of several shapes as any other pairing. Source:
// keras/src/layers/merging/add.py.
#include <algorithm>

#include <fovea/error.h>
#include "layers/elementwise/merge.h"
#include "layers/pieces.h"

namespace fovea {

namespace {

class AddOp final : public Op {
 public:
  AddOp(Clamp clamp, std::int64_t floats) : clamp_(clamp), floats_(floats) {}

  OpNeeds needs() const override { return {.in_place_input = 0}; }
  bool has_gradient() const override { return true; }
  void add_gradients(const GradientContext& ctx) const override {
    for (std::size_t i = 0; i < ctx.out.value.size(); ++i) {
      const double gradient = before_clamp(clamp_, ctx.out.value[i], ctx.out.gradient[i]);
      for (const GradientOperand& in : ctx.in) in.gradient[i] += gradient;
    }
  }
  void run(const RunContext& ctx) const noexcept override {
    for_each_piece(ctx, floats_, [&](std::int64_t image, std::int64_t begin, std::int64_t n) {
      float* out = ctx.out.image(image) + begin;
      const float* sum = ctx.in[0].image(image) + begin;
      for (std::size_t i = 1; i < ctx.in.size(); ++i, sum = out) {
        ctx.kernels.elementwise.add_f32(sum, ctx.in[i].image(image) + begin, out, n,
                                        i + 1 == ctx.in.size() ? clamp_ : kNoClamp);
      }
    });
  }

 private:
  Clamp clamp_;
  std::int64_t floats_;
};

class Add final : public Layer {
 public:
  explicit Add(const LayerConfig& config) : Layer(config) {}
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
    return alike || tail_.taken() ? nullptr : make_merge(name(), class_name(), Pairing::add);
  }
  Role role(std::span<const Shape>) const override { return Sum{}; }
  bool absorb(const Role& neighbour) override { return tail_.absorb(neighbour); }
  std::unique_ptr<Op> prepare(const PrepareContext& ctx) override {
    return std::make_unique<AddOp>(tail_.clamp(), ctx.out.values());
  }

 private:
  TailClamp tail_;
};

}  // namespace

std::unique_ptr<Layer> make_add(const LayerConfig& config) { return std::make_unique<Add>(config); }

}  // namespace fovea
