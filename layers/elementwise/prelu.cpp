// Keras PReLU: x, or a learned factor times x where x is negative. Source: keras/src/layers/activations/prelu.py.
#include <algorithm>

#include <fovea/error.h>
#include "base/ceil_div.h"
#include "base/thread_team.h"
#include "layers/layer.h"

namespace fovea {

namespace {

// Pixels of a block handed out at once.
constexpr std::int64_t kPReluPixels = kTaskValues / kBlock;

// Where the factor of a value of the result stands in alpha.
std::int64_t place(const Weight& alpha, const Shape& out, std::int64_t value) {
  std::int64_t at = 0, step = 1;
  for (std::size_t i = alpha.shape.size(); i-- > 0;) {
    const std::int64_t dim = out.dims()[i];
    if (alpha.shape[i] > 1) at += value % dim * step;
    step *= alpha.shape[i];
    value /= dim;
  }
  return at;
}

class PReLUOp final : public Op {
 public:
  PReLUOp(const Weight& alpha, const TensorDesc& out, Packer& packer) : out_(out) {
    const bool one_a_channel = alpha.elements() == alpha.shape.back();
    pixel_step_ = one_a_channel ? 0 : kBlock;
    const std::int64_t pixels = one_a_channel ? 1 : out_.pixels(), channels = out_.shape.c();
    factors_ = packer.fill("prelu_f32", out_.blocks() * pixels * kBlock, [&](float* factors) {
      for (std::int64_t pixel = 0; pixel < pixels; ++pixel) {
        for (std::int64_t c = 0; c < channels; ++c) {
          factors[(c / kBlock * pixels + pixel) * kBlock + c % kBlock] =
              alpha.data[place(alpha, out_.shape, pixel * channels + c)];
        }
      }
    });
  }

  OpNeeds needs() const override { return {.in_place_input = 0}; }
  OpReport report() const override { return {.kernel = "prelu_f32", .weight_bytes = factors_.bytes()}; }
  bool has_gradient() const override { return true; }
  void add_gradients(const GradientContext& ctx) const override {
    const std::int64_t channels = out_.shape.c();
    const std::int64_t plane = pixel_step_ == 0 ? kBlock : out_.pixels() * kBlock;
    for (std::int64_t i = 0; i < out_.shape.elements(); ++i) {
      const std::int64_t c = i % channels;
      const float alpha = factors_.data()[c / kBlock * plane + i / channels * pixel_step_ + c % kBlock];
      const std::size_t at = static_cast<std::size_t>(i);
      ctx.in[0].gradient[at] += (ctx.in[0].value[at] > 0 ? 1 : double{alpha}) * ctx.out.gradient[at];
    }
  }

  void run(const RunContext& ctx) const noexcept override {
    const std::int64_t blocks = out_.blocks(), pixels = out_.pixels(), pieces = ceil_div(pixels, kPReluPixels);
    ctx.team.for_each(ctx.batch * blocks * pieces, [&](std::int64_t task, int) {
      const std::int64_t piece = task % pieces, block = task / pieces % blocks, image = task / pieces / blocks;
      const std::int64_t first = piece * kPReluPixels, at = (block * pixels + first) * kBlock;
      const std::int64_t factors = pixel_step_ == 0 ? block * kBlock : at;
      ctx.kernels.elementwise.prelu_f32(ctx.in[0].image(image) + at, factors_.data() + factors,
                                        static_cast<int>(pixel_step_), ctx.out.image(image) + at,
                                        std::min(kPReluPixels, pixels - first) * kBlock);
    });
  }

 private:
  TensorDesc out_;
  std::int64_t pixel_step_ = 0;
  PackedFloats factors_;  // [block][pixel or one for all][16]
};

class PReLU final : public Layer {
 public:
  explicit PReLU(const LayerConfig& config) : Layer(config) {
    for (const Weight& weight : config.weights()) {
      if (weight.name == "alpha") alpha_ = config.weight("alpha", weight.shape);
    }
    if (!alpha_.data) throw Error(where("weight 'alpha' is missing"));
    config.find("shared_axes");  // the factors' shape says the same
  }

  // A factor's dimension is the input's or 1.
  Shape infer(std::span<const Shape> in) const override {
    const Shape& shape = only_input(in);
    bool fits = alpha_.shape.size() == shape.dims().size();
    for (std::size_t i = 0; fits && i < alpha_.shape.size(); ++i) {
      fits = alpha_.shape[i] == 1 || alpha_.shape[i] == shape.dims()[i];
    }
    if (!fits) throw Error(where("alpha is " + Shape(alpha_.shape).str() + ", its input is " + shape.str()));
    return shape;
  }

  std::unique_ptr<Op> prepare(const PrepareContext& ctx) override {
    return std::make_unique<PReLUOp>(alpha_, ctx.out, ctx.packer);
  }

 private:
  Weight alpha_;
};

}  // namespace

std::unique_ptr<Layer> make_prelu(const LayerConfig& config) { return std::make_unique<PReLU>(config); }

}  // namespace fovea
