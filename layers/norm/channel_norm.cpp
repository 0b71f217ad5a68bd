// Keras LayerNormalization, RMSNormalization and UnitNormalization over the channels of each pixel; over all values or
// over other axes they are other layers. Sources: keras/src/layers/normalization/{layer,rms,unit}_normalization.py.
#include <algorithm>

#include <fovea/error.h>
#include "base/aligned.h"
#include "base/ceil_div.h"
#include "layers/axes.h"
#include "layers/layer.h"
#include "layers/norm/axes_norm.h"
#include "layers/norm/map_norm.h"

namespace fovea {

namespace {

// Pixels handed out at once.
constexpr std::int64_t kNormPixels = 64;

class ChannelNormOp final : public Op {
 public:
  /// `scale` and `shift` have a value for each channel or no data.
  ChannelNormOp(Divisor divisor, const Weight& scale, const Weight& shift, const TensorDesc& desc)
      : divisor_(divisor), desc_(desc), scales_(desc.blocks() * kBlock), shifts_(desc.blocks() * kBlock) {
    std::fill_n(scales_.data(), desc_.shape.c(), 1.0f);
    if (scale.data) std::copy_n(scale.data.get(), scale.elements(), scales_.data());
    if (shift.data) std::copy_n(shift.data.get(), shift.elements(), shifts_.data());
  }

  OpNeeds needs() const override { return {.in_place_input = 0}; }
  OpReport report() const override { return {.kernel = "channel_norm_f32_c16"}; }
  void run(const RunContext& ctx) const noexcept override {
    const std::int64_t pixels = desc_.pixels(), tasks = ceil_div(pixels, kNormPixels);
    const float channels = static_cast<float>(desc_.shape.c());
    ctx.team.for_each(ctx.batch * tasks, [&](std::int64_t task, int) {
      const std::int64_t image = task / tasks, begin = task % tasks * kNormPixels;
      ctx.kernels.normalise.channels_f32_c16({.in = ctx.in[0].image(image) + begin * kBlock,
                                              .out = ctx.out.image(image) + begin * kBlock,
                                              .channels = static_cast<int>(desc_.shape.c()),
                                              .pixels = static_cast<int>(std::min(kNormPixels, pixels - begin)),
                                              .block_stride = pixels * kBlock,
                                              .centre = divisor_.centre,
                                              .divisor = divisor_.mean ? channels : 1.0f,
                                              .epsilon = static_cast<float>(divisor_.epsilon),
                                              .smallest = static_cast<float>(divisor_.smallest),
                                              .scale = scales_.data(),
                                              .shift = shifts_.data()});
    });
  }

 private:
  Divisor divisor_;
  TensorDesc desc_;
  AlignedFloats scales_, shifts_;
};

class ChannelNormLayer final : public Layer {
 public:
  ChannelNormLayer(const LayerConfig& config, Divisor divisor, const char* scale, const char* shift)
      : Layer(config), axes_(read_axes(config, "axis", -1)), divisor_(divisor) {
    const std::vector<std::int64_t> sizes(axes_.size(), kAnySize);
    if (scale != nullptr) scale_ = config.weight(scale, sizes);
    if (shift != nullptr) shift_ = config.weight(shift, sizes);
  }

  std::unique_ptr<Layer> specialise(std::span<const Shape> in) override {
    if (in.size() != 1 || in[0].rank() == 1) return nullptr;
    const std::vector<std::int64_t>& dims = in[0].dims();
    const std::vector<bool> over = marked_axes(axes_, in[0].rank(), name(), class_name());
    const auto axes = std::count(over.begin(), over.end(), true);
    if (axes == 1 && over.back()) return nullptr;
    // Keras multiplies by RMSNormalization's scale as it is, from the last dimension on.
    if (scale_.name == "scale" && !std::is_sorted(over.begin(), over.end()))
      throw UnsupportedError(where("normalisation over axes other than the last ones is not supported"));
    // The weights' dimensions are in the order in which the axes are named, their values in that of the map.
    std::vector<std::int64_t> named;
    for (const std::int64_t axis : axes_)
      named.push_back(dims[static_cast<std::size_t>(axis + (axis < 0 ? in[0].rank() : -1))]);
    for (Weight* weight : {&scale_, &shift_}) {
      if (!weight->shape.empty() && weight->shape != named)
        throw Error(where(weight->name + " is " + Shape(weight->shape).str() + ", its input is " + in[0].str()));
    }
    if (axes == in[0].rank()) {
      for (Weight* weight : {&scale_, &shift_}) {
        if (!weight->shape.empty()) weight->shape = dims;
      }
      return make_map_norm(name(), class_name(), divisor_, scale_, shift_);
    }
    return make_axes_norm(name(), class_name(), divisor_, sets_over(dims, over), spread(scale_, dims, over),
                          spread(shift_, dims, over));
  }

  Shape infer(std::span<const Shape> in) const override {
    const Shape& shape = only_input(in);
    marked_axes(axes_, shape.rank(), name(), class_name());
    for (const Weight* weight : {&scale_, &shift_}) {
      if (!weight->shape.empty() && weight->shape != std::vector{shape.c()}) {
        throw Error(where("has weights of shape " + Shape(weight->shape).str() + ", its input is " + shape.str()));
      }
    }
    return shape;
  }

  std::unique_ptr<Op> prepare(const PrepareContext& ctx) override {
    return std::make_unique<ChannelNormOp>(divisor_, scale_, shift_, ctx.out);
  }

 private:
  std::vector<std::int64_t> axes_;
  Divisor divisor_;
  Weight scale_, shift_;
};

double read_epsilon(const LayerConfig& config, double fallback) {
  const double epsilon = config.number("epsilon", fallback);
  if (!(epsilon > 0 && epsilon < 1e30)) throw Error(config.where("epsilon is not positive"));
  return epsilon;
}

}  // namespace

std::unique_ptr<Layer> make_layer_normalization(const LayerConfig& config) {
  if (config.boolean("rms_scaling", false)) throw UnsupportedError(config.where("rms_scaling is not supported"));
  const char* scale = config.boolean("scale", true) ? "gamma" : nullptr;
  const char* shift = config.boolean("center", true) ? "beta" : nullptr;
  return std::make_unique<ChannelNormLayer>(config, Divisor{true, true, read_epsilon(config, 1e-3), 0}, scale, shift);
}

std::unique_ptr<Layer> make_rms_normalization(const LayerConfig& config) {
  return std::make_unique<ChannelNormLayer>(config, Divisor{false, true, read_epsilon(config, 1e-6), 0}, "scale",
                                            nullptr);
}

std::unique_ptr<Layer> make_unit_normalization(const LayerConfig& config) {
  const double smallest = read_epsilon(config, 1e-12);  // of the length
  return std::make_unique<ChannelNormLayer>(config, Divisor{false, false, 0, smallest * smallest}, nullptr, nullptr);
}

}  // namespace fovea
