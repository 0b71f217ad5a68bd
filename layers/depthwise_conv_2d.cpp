// Keras DepthwiseConv2D: each channel convolved by kernels of its own, with batch normalisation and ReLU folded in.
// Source: keras/src/layers/convolutional/base_depthwise_conv.py.
#include <algorithm>
#include <optional>

#include "layers/aligned.h"
#include "layers/ceil_div.h"
#include "layers/channel_fold.h"
#include "layers/error.h"
#include "layers/layer.h"
#include "layers/window.h"

namespace fovea {

namespace {

// Bounds that no real network meets, so that hostile sizes end in an error.
constexpr std::int64_t kMaxExtent = 65536, kMaxMultiplier = 1024;
// Rows of large maps are handed out in nearly equal pieces of so many input pixels, all channels of a piece before the
// next: a thread then reads what the pointwise convolution before has left in its cache.
constexpr std::int64_t kTaskPixels = 2048;

class DepthwiseConv2D final : public Layer {
 public:
  explicit DepthwiseConv2D(const LayerConfig& config) : Layer(config), same_(read_same_padding(config)) {
    require_channels_last(config);
    std::tie(y_, x_) = read_window(config, "kernel_size", false);
    if (std::max(y_.extent(), x_.extent()) > kMaxExtent)
      throw UnsupportedError(where("kernels this large are not supported"));
    multiplier_ = config.integer("depth_multiplier", 1);
    if (multiplier_ < 1 || multiplier_ > kMaxMultiplier) throw Error(where("depth_multiplier is out of range"));
    kernel_ = config.weight("depthwise_kernel", {y_.kernel, x_.kernel, kAnySize, multiplier_});
    const std::int64_t channels = kernel_.shape[2] * multiplier_;
    fold_.emplace(config, channels);
    // Every base convolution writes these two; Keras itself ignores them here.
    config.find("filters");
    config.find("groups");
  }

  Shape infer(std::span<const Shape> in) const override {
    const Shape& shape = feature_map(in);
    if (shape.c() != kernel_.shape[2]) {
      throw Error(where("kernel is " + Shape(kernel_.shape).str() + ", its input is " + shape.str()));
    }
    const Shape out{y_span(shape).out, x_span(shape).out, shape.c() * multiplier_};
    if (out.h() <= 0 || out.w() <= 0) throw Error(where("the kernel is larger than its input " + shape.str()));
    return out;
  }
  bool is_convolution() const override { return true; }

  std::unique_ptr<Layer> take_activation() override { return fold_->take_activation(); }
  bool fuse_clamp(Clamp clamp) override { return fold_->fold(clamp); }
  bool fuse_affine(const ChannelAffine& affine) override { return fold_->fold(affine); }
  bool fuse_padding(const Padding& padding) override {
    if (same_) return false;
    padding_ = padding;
    return true;
  }

  void prepare(const PrepareContext& ctx) override {
    in_ = ctx.in[0];
    out_ = ctx.out;
    const std::int64_t blocks = out_.blocks(), taps = y_.kernel * x_.kernel;
    const std::int64_t channels = static_cast<std::int64_t>(fold_->scale().size());
    weights_ = AlignedFloats(blocks * taps * kBlock);
    bias_ = AlignedFloats(blocks * kBlock);
    for (std::int64_t c = 0; c < channels; ++c) {
      const double scale = fold_->scale()[static_cast<std::size_t>(c)];
      for (std::int64_t tap = 0; tap < taps; ++tap) {
        weights_.data()[(c / kBlock * taps + tap) * kBlock + c % kBlock] =
            static_cast<float>(kernel_.data[tap * channels + c] * scale);
      }
      bias_.data()[c] = static_cast<float>(fold_->shift()[static_cast<std::size_t>(c)]);
    }
    kernel_.data = nullptr;
    // With a multiplier a task makes its own copy of the input's channels, once for all rows.
    const std::int64_t rows = out_.shape.h();
    const std::int64_t pieces = multiplier_ > 1 ? 1 : std::min(rows, ceil_div(in_.pixels(), kTaskPixels));
    task_rows_ = ceil_div(rows, pieces);
  }
  std::int64_t scratch_floats() const override { return multiplier_ > 1 ? in_.pixels() * kBlock : 0; }
  std::int64_t macs() const override { return out_.pixels() * out_.shape.c() * y_.kernel * x_.kernel; }
  std::string kernel_name() const override { return "depthwise_f32_c16"; }
  std::int64_t weight_bytes() const override { return (weights_.size() + bias_.size()) * std::int64_t{sizeof(float)}; }

  void run(const RunContext& ctx) const noexcept override {
    const std::int64_t blocks = out_.blocks(), pieces = ceil_div(out_.shape.h(), task_rows_);
    const WindowSpan y = y_span(in_.shape), x = x_span(in_.shape);
    ctx.team.for_each(ctx.batch * blocks * pieces, [&](std::int64_t task, int thread) {
      const std::int64_t block = task % blocks, piece = task / blocks % pieces, image = task / pieces / blocks;
      const float* in = ctx.in[0].image(image) + block / multiplier_ * in_.pixels() * kBlock;
      if (multiplier_ > 1) {
        float* repeated = ctx.thread_scratch(thread);
        ctx.kernels.repeat_lanes_f32_c16(in, repeated, static_cast<int>(in_.pixels()),
                                         static_cast<int>(block % multiplier_ * kBlock), static_cast<int>(multiplier_));
        in = repeated;
      }
      ctx.kernels.depthwise_f32_c16({.in = in,
                                     .h = static_cast<int>(in_.shape.h()),
                                     .w = static_cast<int>(in_.shape.w()),
                                     .weights = weights_.data() + block * y_.kernel * x_.kernel * kBlock,
                                     .bias = bias_.data() + block * kBlock,
                                     .out = ctx.out.image(image) + block * out_.pixels() * kBlock,
                                     .out_w = static_cast<int>(out_.shape.w()),
                                     .y_begin = static_cast<int>(piece * task_rows_),
                                     .y_end = static_cast<int>(std::min(out_.shape.h(), (piece + 1) * task_rows_)),
                                     .kh = static_cast<int>(y_.kernel),
                                     .kw = static_cast<int>(x_.kernel),
                                     .stride_h = static_cast<int>(y_.stride),
                                     .stride_w = static_cast<int>(x_.stride),
                                     .dilation_h = static_cast<int>(y_.dilation),
                                     .dilation_w = static_cast<int>(x_.dilation),
                                     .pad_top = static_cast<int>(y.before),
                                     .pad_left = static_cast<int>(x.before),
                                     .clamp = fold_->clamp()});
    });
  }

 private:
  WindowSpan y_span(const Shape& in) const { return window_span(y_, same_, in.h(), padding_.top, padding_.bottom); }
  WindowSpan x_span(const Shape& in) const { return window_span(x_, same_, in.w(), padding_.left, padding_.right); }

  WindowAxis y_, x_;
  bool same_;
  std::int64_t multiplier_ = 1, task_rows_ = 1;
  Weight kernel_;
  std::optional<ChannelFold> fold_;
  Padding padding_;
  TensorDesc in_, out_;
  AlignedFloats weights_, bias_;
};

}  // namespace

std::unique_ptr<Layer> make_depthwise_conv_2d(const LayerConfig& config) {
  return std::make_unique<DepthwiseConv2D>(config);
}

}  // namespace fovea
