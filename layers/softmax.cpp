// Keras Softmax over the last axis. Source: keras/src/layers/activations/softmax.py.
#include <algorithm>
#include <cmath>

#include "layers/activation.h"
#include "layers/error.h"

namespace fovea {

namespace {

class SoftmaxLayer final : public Layer {
 public:
  using Layer::Layer;
  Shape infer(std::span<const Shape> in) const override { return only_input(in); }
  void prepare(const PrepareContext& ctx) override { desc_ = ctx.out; }
  bool has_gradient() const override { return true; }
  void add_gradients(const GradientContext& ctx) const override {
    const std::size_t channels = static_cast<std::size_t>(ctx.out.shape.c());
    for (std::size_t at = 0; at < ctx.out.value.size(); at += channels) {
      add_pixel(ctx.in[0].value.subspan(at, channels), ctx.out.gradient.subspan(at, channels),
                ctx.in[0].gradient.subspan(at, channels));
    }
  }
  int in_place_input() const override { return 0; }
  void run(const RunContext& ctx) const noexcept override {
    const int channels = static_cast<int>(desc_.shape.c()), pixels = static_cast<int>(desc_.pixels());
    ctx.team.for_each(ctx.batch, [&](std::int64_t i, int) {
      ctx.kernels.softmax_f32_c16(
          {ctx.in[0].image(i), ctx.out.image(i), channels, pixels, std::int64_t{pixels} * kBlock});
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

  TensorDesc desc_;
};

}  // namespace

std::unique_ptr<Layer> make_softmax_layer(const std::string& name, const std::string& class_name) {
  return std::make_unique<SoftmaxLayer>(name, class_name);
}

std::unique_ptr<Layer> make_softmax(const LayerConfig& config) {
  if (config.integer("axis", -1) != -1)
    throw UnsupportedError(config.where("softmax over an axis other than -1 is not supported"));
  return make_softmax_layer(config.name(), config.class_name());
}

}  // namespace fovea
