// Keras Conv2D, with what follows it (batch normalisation, residual sum, ReLU) folded in.
// Source: keras/src/layers/convolutional/base_conv.py.
#include <algorithm>
#include <optional>

#include <fovea/error.h>
#include "base/ceil_div.h"
#include "layers/conv/channel_fold.h"
#include "layers/conv/conv_choice.h"
#include "layers/conv/conv_method.h"
#include "layers/layer.h"
#include "layers/registry.h"
#include "layers/window.h"

namespace fovea {

namespace {

// Bounds that no real network meets, so that hostile sizes end in an error and not in a huge allocation.
constexpr std::int64_t kMaxExtent = 65536, kMaxScratch = std::int64_t{1} << 30;

class Conv2D final : public Layer, public PixelConvSource {
 public:
  explicit Conv2D(const LayerConfig& config) : Layer(config), same_(read_same_padding(config)) {
    require_channels_last(config);
    std::tie(y_, x_) = read_window(config, "kernel_size", false);
    filters_ = config.integer("filters", 0);
    if (filters_ <= 0) throw Error(where("filters must be positive"));
    groups_ = config.integer("groups", 1);
    if (groups_ < 1 || filters_ % groups_ != 0) throw Error(where("groups do not divide the filters"));
    if (std::max(y_.extent(), x_.extent()) > kMaxExtent)
      throw UnsupportedError(where("kernels this large are not supported"));
    kernel_ = config.weight("kernel", {y_.kernel, x_.kernel, kAnySize, filters_});
    fold_.emplace(config, filters_);
    for (const char* key : {"lora_rank", "lora_alpha", "quantization_mode", "quantization_config"}) {
      if (config.has(key)) throw UnsupportedError(config.where(std::string(key) + " is not supported"));
    }
  }

  Shape infer(std::span<const Shape> in) const override {
    const Shape& shape = feature_map(residual_ ? in.first(1) : in);
    if (shape.c() % groups_ != 0 || shape.c() / groups_ != kernel_.shape[2]) {
      throw Error(where("kernel is " + Shape(kernel_.shape).str() +
                        (groups_ > 1 ? " for " + std::to_string(groups_) + " groups" : "") + ", its input is " +
                        shape.str()));
    }
    const Shape out{ceil_div(y_span(shape).out, subsample_), ceil_div(x_span(shape).out, subsample_), filters_};
    if (out.h() <= 0 || out.w() <= 0) throw Error(where("the kernel is larger than its input " + shape.str()));
    if (residual_ && in.size() == 2 && in[1] != out) throw Error(where("adds " + in[1].str() + " to " + out.str()));
    return out;
  }
  // A network's first convolution has fewer channels than one block: it reads the image as it is.
  LayerFormats formats(std::span<const Shape> in) const override {
    return {in[0].c() < kBlock && groups_ == 1 && !residual_ ? Layout::nhwc : Layout::c16, Layout::c16};
  }

  std::unique_ptr<Layer> take_activation() override { return fold_->take_activation(); }
  Role role(std::span<const Shape>) const override {
    const bool in_place = y_.kernel == 1 && x_.kernel == 1 && y_.stride == 1 && x_.stride == 1 && !has_padding() &&
                          subsample_ == 1 && groups_ == 1 && !residual_ && kernel_.shape[2] >= kBlock;
    return Convolution{in_place ? this : nullptr};
  }
  bool absorb(const Role& neighbour) override {
    if (const auto* padding = std::get_if<Padding>(&neighbour)) {
      if (!same_) padding_ = *padding;
      return !same_;
    }
    if (is<Sum>(neighbour)) {
      if (fold_->closed() || residual_ || (kernel_.shape[2] < kBlock && groups_ == 1)) return false;
      return residual_ = true;
    }
    return (!residual_ || is<Clamp>(neighbour)) && fold_->fold(neighbour);
  }
  // A 1x1 kernel with a stride passes over most of its input: what it does not read need not be computed.
  std::int64_t input_stride(std::size_t input) const override {
    if (input == 1) return residual_stride_;
    const bool pixel = y_.kernel == 1 && x_.kernel == 1 && y_.stride == x_.stride;
    return pixel && !has_padding() ? y_.stride * subsample_ : 1;
  }
  void drop_input_stride(std::size_t input) override {
    if (input == 1) {
      residual_stride_ = 1;
    } else {
      y_.stride = x_.stride = subsample_ = 1;
    }
  }
  bool subsample(std::int64_t stride, const Shape& whole) override {
    if (std::max(y_.stride, x_.stride) * subsample_ * stride > kMaxExtent) return false;
    subsample_ *= stride;
    if (residual_) residual_stride_ *= stride;
    if (whole_pixels_ == 0) whole_pixels_ = whole.h() * whole.w();
    return true;
  }

  std::unique_ptr<Op> prepare(const PrepareContext& ctx) override {
    std::unique_ptr<Op> op = groups_ > 1 ? make_grouped_conv(groups_, spec(ctx), ctx.packer) : make_op(ctx);
    if (op->needs().thread_scratch > kMaxScratch) throw UnsupportedError(where("needs too much memory"));
    return op;
  }
  std::unique_ptr<PixelConv> prepare_pixel_conv(const PrepareContext& ctx) const override {
    return make_direct_conv(spec(ctx), ctx.packer);
  }

 private:
  ConvSpec spec(const PrepareContext& ctx) const {
    const WindowSpan rows = y_span(ctx.in[0].shape), cols = x_span(ctx.in[0].shape);
    const std::int64_t pixels = whole_pixels_ > 0 ? whole_pixels_ : ctx.out.pixels();
    return {.geometry = {.kernels = ctx.kernels,
                         .in = ctx.in[0],
                         .out = ctx.out,
                         .y = {y_.kernel, y_.stride * subsample_, y_.dilation},
                         .x = {x_.kernel, x_.stride * subsample_, x_.dilation},
                         .pad_top = rows.before,
                         .pad_left = cols.before},
            .weights = {kernel_, fold_->scale()},
            .epilogue = {fold_->packed_shift(), fold_->clamp(), residual_},
            .report = {.macs = pixels * y_.kernel * x_.kernel * kernel_.shape[2] * filters_}};
  }
  std::unique_ptr<Op> make_op(const PrepareContext& ctx) const {
    ConvSpec what = spec(ctx);
    const ConvChoice choice = choose_conv(what.geometry, ctx.arithmetic);
    what.report.reason = choice.reason;
    switch (choice.algorithm) {
      case ConvAlgorithm::winograd2:
        return make_winograd_conv(2, std::move(what), ctx.packer);
      case ConvAlgorithm::winograd4:
        return make_winograd_conv(4, std::move(what), ctx.packer);
      case ConvAlgorithm::direct:
        break;
    }
    return make_direct_conv(std::move(what), ctx.packer);
  }
  bool has_padding() const {
    return padding_.top > 0 || padding_.bottom > 0 || padding_.left > 0 || padding_.right > 0;
  }
  WindowSpan y_span(const Shape& in) const { return window_span(y_, same_, in.h(), padding_.top, padding_.bottom); }
  WindowSpan x_span(const Shape& in) const { return window_span(x_, same_, in.w(), padding_.left, padding_.right); }

  WindowAxis y_, x_;
  bool same_;
  std::int64_t filters_ = 0, groups_ = 1, subsample_ = 1, residual_stride_ = 1, whole_pixels_ = 0;
  Weight kernel_;
  std::optional<ChannelFold> fold_;
  Padding padding_;
  bool residual_ = false;
};

// A convolution of as many groups as there are channels.
std::unique_ptr<Layer> make_depthwise(const LayerConfig& config, Weight kernel, std::int64_t channels) {
  const std::int64_t filters = kernel.shape[3];
  AttributeMap attributes;
  attributes["depth_multiplier"] = Attribute::Value(filters / channels);
  copy_attributes(config,
                  {"kernel_size", "strides", "dilation_rate", "padding", "data_format", "use_bias", "activation"},
                  attributes);
  kernel.name = "depthwise_kernel";
  kernel.shape[2] = channels;
  kernel.shape[3] = filters / channels;
  std::vector<Weight> weights{std::move(kernel)};
  if (config.boolean("use_bias", true)) weights.push_back(config.weight("bias", {filters}));
  return make_layer(LayerConfig("DepthwiseConv2D", config.name(), std::move(attributes), std::move(weights)));
}

}  // namespace

// A kernel for one channel of a group each: the layers differ in name only, and the weights lie in the same order.
std::unique_ptr<Layer> make_conv_2d(const LayerConfig& config) {
  const std::int64_t groups = config.integer("groups", 1), filters = config.integer("filters", 0);
  if (groups > 1 && filters > 0 && filters % groups == 0 && config.has_weight("kernel")) {
    Weight kernel = config.weight("kernel", {kAnySize, kAnySize, kAnySize, filters});
    if (kernel.shape[2] == 1) return make_depthwise(config, std::move(kernel), groups);
  }
  return std::make_unique<Conv2D>(config);
}

}  // namespace fovea
