// Keras Softmax over the channels, the rows, the columns or all pixels. Source:
// keras/src/layers/activations/softmax.py.
#include <algorithm>
#include <cmath>

#include <fovea/error.h>
#include "layers/axes.h"
#include "layers/elementwise/activation.h"

namespace fovea {

namespace {

class SoftmaxOp final : public Op {
 public:
  /// Over the marked dimensions: the channels, or others.
  SoftmaxOp(const TensorDesc& desc, const std::vector<bool>& over, bool log)
      : log_(log), channels_(over.back()), desc_(desc) {
    if (channels_) return;
    // Of one block the vectors that one softmax runs over: rows * columns of them, or all of one row or column.
    const Shape& shape = desc_.shape;
    const bool two = shape.rank() == 3;
    const std::int64_t h = two ? shape.h() : 1, w = desc_.pixels() / h;
    const bool over_h = two && over[0], over_w = two ? over[1] : over[0];
    count_ = (over_h ? h : 1) * (over_w ? w : 1);
    stride_ = (over_w ? 1 : w) * kBlock;
    starts_ = desc_.pixels() / count_;
    start_stride_ = (over_w ? w : 1) * kBlock;
  }

  bool has_gradient() const override { return channels_ && !log_; }
  void add_gradients(const GradientContext& ctx) const override {
    const std::size_t channels = static_cast<std::size_t>(ctx.out.shape.c());
    for (std::size_t at = 0; at < ctx.out.value.size(); at += channels) {
      add_pixel(ctx.in[0].value.subspan(at, channels), ctx.out.gradient.subspan(at, channels),
                ctx.in[0].gradient.subspan(at, channels));
    }
  }
  OpNeeds needs() const override { return {.in_place_input = 0}; }
  OpReport report() const override { return {.kernel = channels_ ? "softmax_f32_c16" : "softmax_along_f32"}; }

  void run(const RunContext& ctx) const noexcept override {
    const std::int64_t pixels = desc_.pixels(), blocks = desc_.blocks(), plane = pixels * kBlock;
    if (channels_) {
      ctx.team.for_each(ctx.batch, [&](std::int64_t i, int) {
        ctx.kernels.softmax.f32_c16({ctx.in[0].image(i), ctx.out.image(i), static_cast<int>(desc_.shape.c()),
                                     static_cast<int>(pixels), plane, log_});
      });
      return;
    }
    ctx.team.for_each(ctx.batch * blocks, [&](std::int64_t task, int) {
      const std::int64_t image = task / blocks, at = task % blocks * plane;
      for (std::int64_t start = 0; start < starts_; ++start) {
        const std::int64_t first = at + start * start_stride_;
        ctx.kernels.softmax.along_f32(ctx.in[0].image(image) + first, ctx.out.image(image) + first,
                                      static_cast<int>(count_), stride_, log_);
      }
    });
  }

 private:
  // p[i] * (g[i] - sum of p[j] * g[j]). Every g is taken from that of the largest p: where one class is all but certain
  // nothing cancels, and the gradient stays right however small it is.
  static void add_pixel(std::span<const float> in, std::span<const double> out_gradient, std::span<double> gradient) {
    const std::size_t best = static_cast<std::size_t>(std::ranges::max_element(in) - in.begin());
    std::vector<double> p(in.size());
    double sum = 0, mean = 0;
    for (std::size_t i = 0; i < in.size(); ++i) sum += p[i] = std::exp(double{in[i]} - double{in[best]});
    for (std::size_t i = 0; i < in.size(); ++i) mean += p[i] / sum * (out_gradient[i] - out_gradient[best]);
    for (std::size_t i = 0; i < in.size(); ++i)
      gradient[i] += p[i] / sum * (out_gradient[i] - out_gradient[best] - mean);
  }

  bool log_, channels_;
  TensorDesc desc_;
  std::int64_t count_ = 1, stride_ = 0, starts_ = 1, start_stride_ = 0;
};

class SoftmaxLayer final : public Layer {
 public:
  SoftmaxLayer(const std::string& name, const std::string& class_name, std::vector<std::int64_t> axes, bool log)
      : Layer(name, class_name), axes_(std::move(axes)), log_(log) {}

  Shape infer(std::span<const Shape> in) const override {
    const Shape& shape = only_input(in);
    const std::vector<bool> over = marked_axes(axes_, shape.rank(), name(), class_name());
    const bool pixels = std::count(over.begin(), over.end() - 1, true) > 0;
    if (over.back() && pixels) throw UnsupportedError(where("softmax over channels and pixels is not supported"));
    if (pixels && shape.rank() > 3)
      throw UnsupportedError(where("softmax over pixels of " + shape.str() + " is not supported"));
    return shape;
  }
  std::unique_ptr<Op> prepare(const PrepareContext& ctx) override {
    const std::vector<bool> over = marked_axes(axes_, ctx.out.shape.rank(), name(), class_name());
    return std::make_unique<SoftmaxOp>(ctx.out, over, log_);
  }

 private:
  std::vector<std::int64_t> axes_;
  bool log_;
};

}  // namespace

std::unique_ptr<Layer> make_softmax_layer(const std::string& name, const std::string& class_name,
                                          std::vector<std::int64_t> axes, bool log) {
  return std::make_unique<SoftmaxLayer>(name, class_name, std::move(axes), log);
}

std::unique_ptr<Layer> make_softmax(const LayerConfig& config) {
  return make_softmax_layer(config.name(), config.class_name(), read_axes(config, "axis", -1), false);
}

}  // namespace fovea
