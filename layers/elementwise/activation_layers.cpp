// Activations as layers: one function of every value.
#include "layers/elementwise/activation.h"

#include "layers/elementwise/derivatives.h"
#include "layers/pieces.h"

namespace fovea {

namespace {

template <class Kernel>
void run_pieces(const RunContext& ctx, std::int64_t floats, Kernel kernel) noexcept {
  for_each_piece(ctx, floats, [&](std::int64_t image, std::int64_t begin, std::int64_t count) {
    kernel(ctx.in[0].image(image) + begin, ctx.out.image(image) + begin, count);
  });
}

// The gradients of an operation that is one function of every value.
template <class Derivative>
void add_each(const GradientContext& ctx, Derivative derivative) {
  const GradientOperand& in = ctx.in[0];
  for (std::size_t i = 0; i < in.value.size(); ++i) {
    in.gradient[i] += derivative(double{in.value[i]}) * ctx.out.gradient[i];
  }
}

class ClampOp final : public Op {
 public:
  ClampOp(Clamp clamp, std::int64_t floats) : clamp_(clamp), floats_(floats) {}

  OpNeeds needs() const override { return {.in_place_input = 0}; }
  bool has_gradient() const override { return true; }
  void add_gradients(const GradientContext& ctx) const override {
    add_each(ctx, [&](double x) { return before_clamp(clamp_, x, 1); });
  }
  void run(const RunContext& ctx) const noexcept override {
    run_pieces(ctx, floats_, [&](const float* in, float* out, std::int64_t n) {
      ctx.kernels.elementwise.clamp_f32(in, out, n, clamp_);
    });
  }

 private:
  Clamp clamp_;
  std::int64_t floats_;
};

class ClampLayer final : public Layer {
 public:
  ClampLayer(const std::string& name, const std::string& class_name, Clamp clamp)
      : Layer(name, class_name), clamp_(clamp) {}

  Shape infer(std::span<const Shape> in) const override { return only_input(in); }
  Role role(std::span<const Shape>) const override {
    if (clamp_.lo == kNoClamp.lo && clamp_.hi == kNoClamp.hi) return Identity{};
    return clamp_;
  }
  std::unique_ptr<Op> prepare(const PrepareContext& ctx) override {
    return std::make_unique<ClampOp>(clamp_, ctx.out.values());
  }

 private:
  Clamp clamp_;
};

class SigmoidOp final : public Op {
 public:
  explicit SigmoidOp(std::int64_t floats) : floats_(floats) {}

  OpNeeds needs() const override { return {.in_place_input = 0}; }
  bool has_gradient() const override { return true; }
  void add_gradients(const GradientContext& ctx) const override {
    add_each(ctx, [](double x) { return sigmoid(x) * sigmoid(-x); });
  }
  void run(const RunContext& ctx) const noexcept override {
    run_pieces(ctx, floats_,
               [&](const float* in, float* out, std::int64_t n) { ctx.kernels.elementwise.sigmoid_f32(in, out, n); });
  }

 private:
  std::int64_t floats_;
};

class SigmoidLayer final : public Layer {
 public:
  using Layer::Layer;

  Shape infer(std::span<const Shape> in) const override { return only_input(in); }
  std::unique_ptr<Op> prepare(const PrepareContext& ctx) override {
    return std::make_unique<SigmoidOp>(ctx.out.values());
  }
};

class CurveOp final : public Op {
 public:
  CurveOp(const ActivateArgs& activate, std::int64_t floats) : activate_(activate), floats_(floats) {}

  OpNeeds needs() const override { return {.in_place_input = 0}; }
  OpReport report() const override { return {.kernel = "activate_f32"}; }
  bool has_gradient() const override { return true; }
  void add_gradients(const GradientContext& ctx) const override {
    add_each(ctx, [&](double x) { return derivative(activate_, x); });
  }
  void run(const RunContext& ctx) const noexcept override {
    run_pieces(ctx, floats_,
               [&](const float* in, float* out, std::int64_t n) { ctx.kernels.activate.f32(in, out, n, activate_); });
  }

 private:
  ActivateArgs activate_;
  std::int64_t floats_;
};

class CurveLayer final : public Layer {
 public:
  CurveLayer(const std::string& name, const std::string& class_name, const ActivateArgs& activate)
      : Layer(name, class_name), activate_(activate) {}

  Shape infer(std::span<const Shape> in) const override { return only_input(in); }
  std::unique_ptr<Op> prepare(const PrepareContext& ctx) override {
    return std::make_unique<CurveOp>(activate_, ctx.out.values());
  }

 private:
  ActivateArgs activate_;
};

}  // namespace

std::unique_ptr<Layer> make_clamp_layer(const LayerConfig& config, Clamp clamp) {
  return std::make_unique<ClampLayer>(config.name(), config.class_name(), clamp);
}

std::unique_ptr<Layer> make_sigmoid_layer(const std::string& name, const std::string& class_name) {
  return std::make_unique<SigmoidLayer>(name, class_name);
}

std::unique_ptr<Layer> make_curve_layer(const std::string& name, const std::string& class_name,
                                        const ActivateArgs& activate) {
  return std::make_unique<CurveLayer>(name, class_name, activate);
}

}  // namespace fovea
