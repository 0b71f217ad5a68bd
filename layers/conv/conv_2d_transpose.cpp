// Keras Conv2DTranspose. The pixels of the result that lie a stride apart, a phase, are a plain convolution of the
// input by every stride-th tap: one direct convolution a phase, spread over the result. No zeros are multiplied.
// Source: keras/src/layers/convolutional/base_conv_transpose.py.
#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include <fovea/error.h>
#include "base/ceil_div.h"
#include "layers/conv/channel_fold.h"
#include "layers/conv/conv_plan.h"
#include "layers/layer.h"

namespace fovea {

namespace {

// Bounds that no real network meets, so that hostile sizes end in an error and not in a huge allocation.
constexpr std::int64_t kMaxTransposeExtent = 1024, kMaxPhases = 4096, kMaxTransposeScratch = std::int64_t{1} << 30;

// One axis: input i and tap k meet in result i * stride + k * dilation - before.
struct Axis {
  WindowAxis window;
  std::int64_t in, out, before;
};

// Keras' length of the result; the padding before it is that of the convolution which this one is the transpose of.
Axis make_axis(const WindowAxis& window, bool same, std::optional<std::int64_t> output_padding, std::int64_t in) {
  const std::int64_t extent = window.extent(), reach = (in - 1) * window.stride;
  if (!same)
    return {window, in, reach + extent + output_padding.value_or(std::max(window.stride - extent, INT64_C(0))), 0};
  const std::int64_t out = output_padding ? reach + extent % 2 + *output_padding : in * window.stride;
  return {window, in, out, std::max(reach + extent - out, INT64_C(0)) / 2};
}

// One phase of an axis: results phase, phase + stride, ... are windows of `taps` inputs.
struct AxisPhase {
  std::int64_t phase, out, taps, pad;
  WindowAxis window;
  // The kernel's tap that meets input j of a window; it may lie past the kernel, where its weight is zero.
  std::int64_t tap(const Axis& axis, std::int64_t j) const {
    return (phase + axis.before) % axis.window.stride + (taps - 1 - j) * axis.window.stride;
  }
};

AxisPhase make_phase(const Axis& axis, std::int64_t phase) {
  const std::int64_t stride = axis.window.stride, first = (phase + axis.before) % stride;
  const std::int64_t taps = std::max(ceil_div(axis.window.kernel - first, stride), INT64_C(1));
  const std::int64_t dilation = axis.window.dilation;  // 1 wherever the stride is not
  return {phase,
          ceil_div(axis.out - phase, stride),
          taps,
          (taps - 1) * dilation - (phase + axis.before) / stride,
          {taps, 1, dilation}};
}

// One direct convolution of the input, and where its pixels lie in the result.
struct Phase {
  std::int64_t row, col;
  ConvPlan plan;
  PackedFloats weights;
};

class TransposedConv final : public Op {
 public:
  TransposedConv(std::vector<Phase> phases, std::int64_t y_stride, std::int64_t x_stride, const TensorDesc& out,
                 ConvEpilogue epilogue, OpReport report)
      : phases_(std::move(phases)),
        y_stride_(y_stride),
        x_stride_(x_stride),
        out_(out),
        epilogue_(std::move(epilogue)),
        report_(std::move(report)) {
    report_.weight_bytes = epilogue_.bias.bytes();
    for (const Phase& phase : phases_) report_.weight_bytes += phase.weights.bytes();
  }

  OpNeeds needs() const override {
    std::int64_t floats = 0;
    for (const Phase& phase : phases_) {
      const ConvArea largest = conv_area(phase.plan, 0);
      floats = std::max(floats, phase.plan.strip_floats + largest.rows * largest.cols * out_.blocks() * kBlock);
    }
    return {.thread_scratch = float_bytes(floats)};
  }
  OpReport report() const override { return report_; }

  void run(const RunContext& ctx) const noexcept override {
    if (y_stride_ == 1 && x_stride_ == 1) {
      run_conv(phases_[0].plan, phases_[0].weights.data(), epilogue_, ctx);
      return;
    }
    std::int64_t pieces = 0;
    for (const Phase& phase : phases_) pieces = std::max(pieces, conv_pieces(phase.plan));
    const std::int64_t phases = static_cast<std::int64_t>(phases_.size());
    ctx.team.for_each(ctx.batch * phases * pieces, [&](std::int64_t task, int thread) {
      const std::int64_t piece = task % pieces, image = task / pieces / phases;
      const Phase& phase = phases_[static_cast<std::size_t>(task / pieces % phases)];
      if (piece < conv_pieces(phase.plan)) run_piece(ctx, phase, piece, image, ctx.thread_scratch(thread));
    });
  }

 private:
  // Computes the piece side by side, then moves its pixels apart.
  void run_piece(const RunContext& ctx, const Phase& phase, std::int64_t piece, std::int64_t image,
                 float* scratch) const noexcept {
    const ConvArea area = conv_area(phase.plan, piece);
    const std::int64_t pixels = area.rows * area.cols, phase_w = phase.plan.out.shape.w(), w = out_.shape.w();
    float* dense = scratch + phase.plan.strip_floats;
    run_conv_piece(ctx.kernels, phase.plan, piece,
                   {.in = ctx.in[0].image(image),
                    .weights = phase.weights.data(),
                    .next_weights = phase.weights.data(),
                    .out_blocks = static_cast<int>(out_.blocks()),
                    .out = dense,
                    .out_row_stride = area.cols * kBlock,
                    .out_block_stride = pixels * kBlock,
                    .residual = nullptr,
                    .bias = epilogue_.bias.data(),
                    .clamp = epilogue_.clamp,
                    .strip = scratch});
    for (std::int64_t block = 0; block < out_.blocks(); ++block) {
      float* plane = ctx.out.image(image) + block * out_.pixels() * kBlock;
      for (std::int64_t done = 0; done < pixels;) {
        const std::int64_t at = area.first + done, col = at % phase_w, count = std::min(phase_w - col, pixels - done);
        const std::int64_t to = (at / phase_w * y_stride_ + phase.row) * w + col * x_stride_ + phase.col;
        ctx.kernels.lanes.spread_pixels_f32_c16(dense + (block * pixels + done) * kBlock, plane + to * kBlock,
                                                static_cast<int>(count), static_cast<int>(x_stride_));
        done += count;
      }
    }
  }

  std::vector<Phase> phases_;
  std::int64_t y_stride_, x_stride_;
  TensorDesc out_;
  ConvEpilogue epilogue_;
  OpReport report_;
};

class Conv2DTranspose final : public Layer {
 public:
  explicit Conv2DTranspose(const LayerConfig& config) : Layer(config), same_(read_same_padding(config)) {
    require_channels_last(config);
    std::tie(y_, x_) = read_window(config, "kernel_size", false);
    const std::int64_t stride = std::max(y_.stride, x_.stride);
    if (stride > 1 && std::max(y_.dilation, x_.dilation) > 1)
      throw Error(where("strides and dilation cannot be combined"));
    if (std::max(y_.extent(), x_.extent()) > kMaxTransposeExtent || y_.stride * x_.stride > kMaxPhases)
      throw UnsupportedError(where("kernels or strides this large are not supported"));
    if (config.has("output_padding")) {
      const auto [rows, cols] = config.pair("output_padding", 0);
      if (rows < 0 || cols < 0 || rows >= y_.stride || cols >= x_.stride)
        throw Error(where("output_padding is not smaller than the strides"));
      y_padding_ = rows;
      x_padding_ = cols;
    }
    filters_ = config.integer("filters", 0);
    if (filters_ <= 0) throw Error(where("filters must be positive"));
    if (config.integer("groups", 1) != 1) throw UnsupportedError(where("groups other than 1 are not supported"));
    kernel_ = config.weight("kernel", {y_.kernel, x_.kernel, filters_, kAnySize});
    fold_.emplace(config, filters_);
  }

  Shape infer(std::span<const Shape> in) const override {
    const Shape& shape = feature_map(in);
    if (shape.c() != kernel_.shape[3]) {
      throw Error(where("kernel is " + Shape(kernel_.shape).str() + ", its input is " + shape.str()));
    }
    const Shape out{make_axis(y_, same_, y_padding_, shape.h()).out, make_axis(x_, same_, x_padding_, shape.w()).out,
                    filters_};
    // The convolution that this one is the transpose of gives so many pixels.
    if (ceil_div(out.h(), y_.stride) < shape.h() || ceil_div(out.w(), x_.stride) < shape.w())
      throw Error(where("output_padding does not fit the kernel"));
    return out;
  }
  std::unique_ptr<Layer> take_activation() override { return fold_->take_activation(); }
  Role role(std::span<const Shape>) const override { return Convolution{}; }
  bool absorb(const Role& neighbour) override { return fold_->fold(neighbour); }

  std::unique_ptr<Op> prepare(const PrepareContext& ctx) override {
    const Axis y = make_axis(y_, same_, y_padding_, ctx.in[0].shape.h());
    const Axis x = make_axis(x_, same_, x_padding_, ctx.in[0].shape.w());
    std::vector<Phase> phases;
    for (std::int64_t row = 0; row < std::min(y_.stride, y.out); ++row) {
      for (std::int64_t col = 0; col < std::min(x_.stride, x.out); ++col) {
        phases.push_back(make_phase_conv(ctx, y, make_phase(y, row), x, make_phase(x, col)));
      }
    }
    OpReport report{.kernel = "conv_f32_c16 " + conv_tile(ctx.kernels),
                    .macs = ctx.in[0].pixels() * y_.kernel * x_.kernel * kernel_.shape[3] * filters_};
    auto op =
        std::make_unique<TransposedConv>(std::move(phases), y_.stride, x_.stride, ctx.out,
                                         ConvEpilogue{fold_->packed_shift(), fold_->clamp(), false}, std::move(report));
    if (op->needs().thread_scratch > kMaxTransposeScratch) throw UnsupportedError(where("needs too much memory"));
    return op;
  }

 private:
  Phase make_phase_conv(const PrepareContext& ctx, const Axis& y, const AxisPhase& rows, const Axis& x,
                        const AxisPhase& cols) const {
    const ConvGeometry geometry{.kernels = ctx.kernels,
                                .in = ctx.in[0],
                                .out = {{rows.out, cols.out, filters_}},
                                .y = rows.window,
                                .x = cols.window,
                                .pad_top = rows.pad,
                                .pad_left = cols.pad};
    Phase phase{rows.phase, cols.phase, make_conv_plan(geometry), {}};
    const int panel_channels = ctx.kernels.conv.channels;
    phase.weights = ctx.packer.fill(
        packed_layout(phase.plan, panel_channels), packed_floats(phase.plan, panel_channels, filters_), [&](float* to) {
          const Weight kernel = phase_kernel(y, rows, x, cols);
          pack_conv_weights(phase.plan, panel_channels, {kernel, fold_->scale()}, ctx.packer.team(), to);
        });
    return phase;
  }

  // The kernel's taps of one phase, as a convolution has them.
  Weight phase_kernel(const Axis& y, const AxisPhase& rows, const Axis& x, const AxisPhase& cols) const {
    const std::int64_t channels = kernel_.shape[3];
    const std::shared_ptr<float[]> own(
        new float[static_cast<std::size_t>(rows.taps * cols.taps * channels * filters_)]());
    for (std::int64_t tap = 0; tap < rows.taps * cols.taps; ++tap) {
      const std::int64_t ky = rows.tap(y, tap / cols.taps), kx = cols.tap(x, tap % cols.taps);
      if (ky >= y.window.kernel || kx >= x.window.kernel) continue;
      const float* from = kernel_.data.get() + (ky * x.window.kernel + kx) * filters_ * channels;
      for (std::int64_t i = 0; i < filters_ * channels; ++i) {
        own[(tap * channels + i % channels) * filters_ + i / channels] = from[i];
      }
    }
    return {"kernel", {rows.taps, cols.taps, channels, filters_}, own};
  }

  WindowAxis y_, x_;
  bool same_;
  std::optional<std::int64_t> y_padding_, x_padding_;
  std::int64_t filters_ = 0;
  Weight kernel_;
  std::optional<ChannelFold> fold_;
};

}  // namespace

std::unique_ptr<Layer> make_conv_2d_transpose(const LayerConfig& config) {
  return std::make_unique<Conv2DTranspose>(config);
}

}  // namespace fovea
