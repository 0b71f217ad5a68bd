// Between the channel-last layout of the outside world and the blocked one of the kernels.
#include "layers/shape_ops/reorder.h"

#include "layers/old_layer.h"

namespace fovea {

namespace {

class Reorder final : public OldLayer {
 public:
  Reorder(const std::string& name, Layout to) : OldLayer(name, "Reorder"), to_(to) {}
  Shape infer(std::span<const Shape> in) const override { return only_input(in); }
  Layout input_layout(std::span<const Shape>) const override { return to_ == Layout::c16 ? Layout::nhwc : Layout::c16; }
  Layout output_layout() const override { return to_; }
  bool is_layout_change() const override { return true; }
  bool has_gradient() const override { return true; }
  void add_gradients(const GradientContext& ctx) const override { pass_gradient(ctx); }
  void set_up(const PrepareContext& ctx) override { desc_ = ctx.out; }
  void run(const RunContext& ctx) const noexcept override {
    const auto copy = to_ == Layout::c16 ? ctx.kernels.pack.nhwc_to_c16_f32 : ctx.kernels.pack.c16_to_nhwc_f32;
    ctx.team.for_each(ctx.batch, [&](std::int64_t i, int) {
      copy(ctx.in[0].image(i), ctx.out.image(i), desc_.pixels(), static_cast<int>(desc_.shape.c()));
    });
  }

 private:
  Layout to_;
  TensorDesc desc_;
};

}  // namespace

std::unique_ptr<Layer> make_reorder(const std::string& name, Layout to) { return std::make_unique<Reorder>(name, to); }

}  // namespace fovea
