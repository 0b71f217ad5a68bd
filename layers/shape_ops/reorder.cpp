// Between the channel-last layout of the outside world and the blocked one of the kernels.
#include "layers/shape_ops/reorder.h"

namespace fovea {

namespace {

class ReorderOp final : public Op {
 public:
  explicit ReorderOp(const TensorDesc& out) : out_(out) {}
  bool has_gradient() const override { return true; }
  void add_gradients(const GradientContext& ctx) const override { pass_gradient(ctx); }
  void run(const RunContext& ctx) const noexcept override {
    const auto copy =
        out_.format.layout == Layout::c16 ? ctx.kernels.pack.nhwc_to_c16_f32 : ctx.kernels.pack.c16_to_nhwc_f32;
    ctx.team.for_each(ctx.batch, [&](std::int64_t i, int) {
      copy(ctx.in[0].image(i), ctx.out.image(i), out_.pixels(), static_cast<int>(out_.shape.c()));
    });
  }

 private:
  TensorDesc out_;
};

class Reorder final : public Layer {
 public:
  Reorder(const std::string& name, Layout to) : Layer(name, "Reorder"), to_(to) {}
  Shape infer(std::span<const Shape> in) const override { return only_input(in); }
  LayerFormats formats(std::span<const Shape>) const override {
    return {to_ == Layout::c16 ? Layout::nhwc : Layout::c16, to_};
  }
  Role role(std::span<const Shape>) const override { return LayoutChange{}; }
  std::unique_ptr<Op> prepare(const PrepareContext& ctx) override { return std::make_unique<ReorderOp>(ctx.out); }

 private:
  Layout to_;
};

}  // namespace

std::unique_ptr<Layer> make_reorder(const std::string& name, Layout to) { return std::make_unique<Reorder>(name, to); }

}  // namespace fovea
