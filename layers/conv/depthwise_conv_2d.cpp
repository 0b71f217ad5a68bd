// Keras DepthwiseConv2D: each channel convolved by kernels of its own, with batch normalisation and ReLU folded in.
// Source: keras/src/layers/convolutional/base_depthwise_conv.py.
//
// A 1x1 convolution before it, which in mobile networks makes six times as many channels of few, is run as its results
// are needed: those of a panel of channels for a band of rows, which stay in the second cache. What two bands both read
// is computed for both.
#include <algorithm>
#include <memory>
#include <optional>
#include <utility>

#include <fovea/error.h>
#include "base/aligned.h"
#include "base/ceil_div.h"
#include "layers/conv/channel_fold.h"
#include "layers/layer.h"
#include "layers/pixel_conv.h"
#include "layers/window.h"

namespace fovea {

namespace {

// Bounds that no real network meets, so that hostile sizes end in an error.
constexpr std::int64_t kMaxDepthwiseExtent = 65536, kMaxMultiplier = 1024;
// Rows of large maps are handed out in nearly equal pieces of so many input pixels, all channels of a piece before the
// next: a thread then reads what the pointwise convolution before has left in its cache.
constexpr std::int64_t kDepthwisePixels = 2048;
// A band of input for the widest panel of channels is 256 KiB at most, a part of the smallest second cache met; and
// what is computed twice, in the fewest bands, is at most a quarter of the map. Otherwise the two layers stay apart.
constexpr std::int64_t kBandFloats = 64 * 1024, kWidestPanel = 32;
// Numbers of bands that are tried beyond the fewest, so that all threads have the same to do.
constexpr std::int64_t kBandsTried = 8;

// Input rows that so many output rows read, at most.
std::int64_t band_rows(const WindowAxis& y, const Shape& in, std::int64_t rows) {
  return std::min(in.h(), (rows - 1) * y.stride + y.extent());
}

// What the operation needs of the layer.
struct DepthwiseSpec {
  TensorDesc in, out;  ///< `in` is what lies between the two if a pixel convolution is run before
  WindowAxis y, x;
  std::int64_t pad_top, pad_left, multiplier, fewest_bands;
  Clamp clamp;
};

class DepthwiseOp final : public Op {
 public:
  /// The kernel is {kh, kw, channels, multiplier}. `before`: the pixel convolution that is run for each band, or
  /// nothing.
  DepthwiseOp(const DepthwiseSpec& spec, const Weight& kernel, const ChannelFold& fold,
              std::unique_ptr<PixelConv> before, Packer& packer)
      : spec_(spec), before_(std::move(before)), bias_(fold.packed_shift()) {
    const std::int64_t blocks = spec_.out.blocks(), taps = spec_.y.kernel * spec_.x.kernel;
    weights_ = packer.fill("depthwise_f32_c16", blocks * taps * kBlock, [&](float* packed) {
      const std::int64_t channels = std::ssize(fold.scale());
      for (std::int64_t c = 0; c < channels; ++c) {
        const double scale = fold.scale()[static_cast<std::size_t>(c)];
        for (std::int64_t tap = 0; tap < taps; ++tap) {
          packed[(c / kBlock * taps + tap) * kBlock + c % kBlock] =
              static_cast<float>(kernel.data[tap * channels + c] * scale);
        }
      }
    });
    // With a multiplier a task makes its own copy of the input's channels, once for all rows.
    const std::int64_t rows = spec_.out.shape.h();
    const std::int64_t pieces =
        spec_.multiplier > 1 ? 1 : std::min(rows, ceil_div(spec_.in.pixels(), kDepthwisePixels));
    task_rows_ = ceil_div(rows, pieces);
  }

  OpNeeds needs() const override {
    if (before_ != nullptr) {
      const std::int64_t rows = ceil_div(spec_.out.shape.h(), spec_.fewest_bands);
      return {.thread_scratch = float_bytes(band_rows(spec_.y, spec_.in.shape, rows) * spec_.in.shape.w() * kBlock *
                                            before_->panel_blocks())};
    }
    return {.thread_scratch = spec_.multiplier > 1 ? float_bytes(spec_.in.pixels() * kBlock) : 0};
  }
  OpReport report() const override {
    const OpReport first = before_ != nullptr ? before_->report() : OpReport{};
    return {.kernel = (before_ != nullptr ? first.kernel + " + " : "") + "depthwise_f32_c16",
            .macs = first.macs + spec_.out.pixels() * spec_.out.shape.c() * spec_.y.kernel * spec_.x.kernel,
            .weight_bytes = first.weight_bytes + weights_.bytes() + bias_.bytes()};
  }

  const float* first_weights(const ThreadTeam& team, int thread, int batch) const override {
    if (before_ == nullptr) return nullptr;
    const BandTasks cut = band_tasks(batch, team.threads());
    const std::int64_t task = team.range_begin(batch * cut.bands * cut.panels, thread);
    return before_->panel_weights(task % cut.panels * before_->panel_blocks());
  }

  void run(const RunContext& ctx) const noexcept override {
    if (before_ != nullptr) return run_bands(ctx);
    const std::int64_t blocks = spec_.out.blocks(), pieces = ceil_div(spec_.out.shape.h(), task_rows_);
    ctx.team.for_each(ctx.batch * blocks * pieces, [&](std::int64_t task, int thread) {
      const std::int64_t block = task % blocks, piece = task / blocks % pieces, image = task / pieces / blocks;
      const float* in = ctx.in[0].image(image) + block / spec_.multiplier * spec_.in.pixels() * kBlock;
      if (spec_.multiplier > 1) {
        float* repeated = ctx.thread_scratch(thread);
        ctx.kernels.lanes.repeat_f32_c16(in, repeated, static_cast<int>(spec_.in.pixels()),
                                         static_cast<int>(block % spec_.multiplier * kBlock),
                                         static_cast<int>(spec_.multiplier));
        in = repeated;
      }
      depthwise(ctx, {.in = in, .image = image, .block = block, .first = piece * task_rows_, .rows = task_rows_});
    });
  }

 private:
  struct Rows {
    const float* in;  ///< row 0 of the block
    std::int64_t image, block, first, rows;
  };

  void depthwise(const RunContext& ctx, const Rows& part) const noexcept {
    ctx.kernels.depthwise.f32_c16({.in = part.in,
                                   .h = static_cast<int>(spec_.in.shape.h()),
                                   .w = static_cast<int>(spec_.in.shape.w()),
                                   .weights = weights_.data() + part.block * spec_.y.kernel * spec_.x.kernel * kBlock,
                                   .bias = bias_.data() + part.block * kBlock,
                                   .out = ctx.out.image(part.image) + part.block * spec_.out.pixels() * kBlock,
                                   .out_w = static_cast<int>(spec_.out.shape.w()),
                                   .y_begin = static_cast<int>(part.first),
                                   .y_end = static_cast<int>(std::min(spec_.out.shape.h(), part.first + part.rows)),
                                   .kh = static_cast<int>(spec_.y.kernel),
                                   .kw = static_cast<int>(spec_.x.kernel),
                                   .stride_h = static_cast<int>(spec_.y.stride),
                                   .stride_w = static_cast<int>(spec_.x.stride),
                                   .dilation_h = static_cast<int>(spec_.y.dilation),
                                   .dilation_w = static_cast<int>(spec_.x.dilation),
                                   .pad_top = static_cast<int>(spec_.pad_top),
                                   .pad_left = static_cast<int>(spec_.pad_left),
                                   .clamp = spec_.clamp});
  }

  // Bands for so many panels of channels: those with which the busiest thread has least to do.
  std::int64_t bands_for(std::int64_t panels, int threads) const {
    const std::int64_t rows = spec_.out.shape.h();
    const auto load = [&](std::int64_t bands) {
      return ceil_div(panels * bands, threads) * band_rows(spec_.y, spec_.in.shape, ceil_div(rows, bands));
    };
    std::int64_t best = spec_.fewest_bands;
    for (std::int64_t bands = best + 1; bands <= std::min(rows, spec_.fewest_bands + kBandsTried); ++bands) {
      if (load(bands) < load(best)) best = bands;
    }
    return best;
  }

  // How a run is shared out: each band of output rows is a task for every panel of channels of every image.
  struct BandTasks {
    std::int64_t rows, bands, panels;
  };
  BandTasks band_tasks(int batch, int threads) const {
    const std::int64_t panels = ceil_div(spec_.in.blocks(), before_->panel_blocks());
    const std::int64_t rows = ceil_div(spec_.out.shape.h(), bands_for(batch * panels, threads));
    return {rows, ceil_div(spec_.out.shape.h(), rows), panels};
  }

  // All channels of a band before the next band: what the convolutions before and behind do of the same rows is then
  // likely the same thread's.
  void run_bands(const RunContext& ctx) const noexcept {
    const BandTasks cut = band_tasks(ctx.batch, ctx.team.threads());
    const std::int64_t rows = cut.rows, panels = cut.panels;
    const std::int64_t panel_blocks = before_->panel_blocks(), width = spec_.in.shape.w();
    const std::int64_t pad = spec_.pad_top, tasks = ctx.batch * cut.bands * panels;
    ctx.team.for_each(tasks, [&](std::int64_t task, int thread) {
      const std::int64_t panel = task % panels, first = task / panels % cut.bands * rows,
                         image = task / panels / cut.bands;
      const std::int64_t top = std::clamp<std::int64_t>(first * spec_.y.stride - pad, 0, spec_.in.shape.h());
      const std::int64_t end = std::min(spec_.out.shape.h(), first + rows);
      const std::int64_t bottom =
          std::clamp<std::int64_t>((end - 1) * spec_.y.stride - pad + spec_.y.extent(), top, spec_.in.shape.h());
      const std::int64_t block = panel * panel_blocks, blocks = std::min(panel_blocks, spec_.in.blocks() - block);
      const std::int64_t plane = (bottom - top) * width * kBlock;
      float* band = ctx.thread_scratch(thread);
      if (plane > 0) {
        const float* after = before_->panel_weights((task + 1) % panels * panel_blocks);
        const float* next = ctx.weights_after(task, tasks, thread, after);
        before_->run_part(ctx.kernels, ctx.in[0].image(image),
                          {top * width, (bottom - top) * width, block, blocks, next}, band, plane);
      }
      for (std::int64_t i = 0; i < blocks; ++i) {
        const float* row_0 = band + i * plane - top * width * kBlock;
        depthwise(ctx, {.in = row_0, .image = image, .block = block + i, .first = first, .rows = rows});
      }
    });
  }

  DepthwiseSpec spec_;
  std::unique_ptr<PixelConv> before_;
  PackedFloats weights_;
  AlignedFloats bias_;
  std::int64_t task_rows_ = 1;
};

class DepthwiseConv2D final : public Layer {
 public:
  explicit DepthwiseConv2D(const LayerConfig& config) : Layer(config), same_(read_same_padding(config)) {
    require_channels_last(config);
    std::tie(y_, x_) = read_window(config, "kernel_size", false);
    if (std::max(y_.extent(), x_.extent()) > kMaxDepthwiseExtent)
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
    const Shape shape = before_ ? before_->infer(in) : feature_map(in);
    if (shape.c() != kernel_.shape[2]) {
      throw Error(where("kernel is " + Shape(kernel_.shape).str() + ", its input is " + shape.str()));
    }
    const Shape out{y_span(shape).out, x_span(shape).out, shape.c() * multiplier_};
    if (out.h() <= 0 || out.w() <= 0) throw Error(where("the kernel is larger than its input " + shape.str()));
    return out;
  }

  std::unique_ptr<Layer> take_activation() override { return fold_->take_activation(); }
  Role role(std::span<const Shape>) const override { return Convolution{}; }
  bool absorb(const Role& neighbour) override {
    if (const auto* padding = std::get_if<Padding>(&neighbour)) {
      if (!same_) padding_ = *padding;
      return !same_;
    }
    return fold_->fold(neighbour);
  }
  bool absorb_before(std::unique_ptr<Layer>& before, const Shape& between) override {
    if (multiplier_ != 1 || before_) return false;
    const Role role = before->role({});
    const auto* convolution = std::get_if<Convolution>(&role);
    if (convolution == nullptr || convolution->pixel == nullptr || !plan_bands(between)) return false;
    pixel_conv_ = convolution->pixel;
    before_ = std::move(before);
    return true;
  }

  std::unique_ptr<Op> prepare(const PrepareContext& ctx) override {
    TensorDesc in = ctx.in[0];
    std::unique_ptr<PixelConv> pixel_conv;
    if (before_) {
      in = {before_->infer(std::span(&ctx.in[0].shape, 1)), Layout::c16};
      pixel_conv = pixel_conv_->prepare_pixel_conv({ctx.kernels, ctx.in, in, ctx.packer, ctx.arithmetic});
    }
    const DepthwiseSpec spec{.in = in,
                             .out = ctx.out,
                             .y = y_,
                             .x = x_,
                             .pad_top = y_span(in.shape).before,
                             .pad_left = x_span(in.shape).before,
                             .multiplier = multiplier_,
                             .fewest_bands = fewest_bands_,
                             .clamp = fold_->clamp()};
    return std::make_unique<DepthwiseOp>(spec, kernel_, *fold_, std::move(pixel_conv), ctx.packer);
  }

 private:
  // Finds the fewest bands that the map between the layers can be cut into; false if there are none.
  bool plan_bands(const Shape& between) {
    const std::int64_t rows = y_span(between).out;
    const auto floats = [&](std::int64_t n) {
      return band_rows(y_, between, ceil_div(rows, n)) * between.w() * kWidestPanel;
    };
    std::int64_t bands = 1;
    while (bands < rows && floats(bands) > kBandFloats) ++bands;
    if (floats(bands) > kBandFloats || bands * band_rows(y_, between, ceil_div(rows, bands)) > between.h() * 5 / 4) {
      return false;
    }
    fewest_bands_ = bands;
    return true;
  }

  WindowSpan y_span(const Shape& in) const { return window_span(y_, same_, in.h(), padding_.top, padding_.bottom); }
  WindowSpan x_span(const Shape& in) const { return window_span(x_, same_, in.w(), padding_.left, padding_.right); }

  WindowAxis y_, x_;
  bool same_;
  std::int64_t multiplier_ = 1, fewest_bands_ = 1;
  Weight kernel_;
  std::optional<ChannelFold> fold_;
  Padding padding_;
  std::unique_ptr<Layer> before_;
  const PixelConvSource* pixel_conv_ = nullptr;  // before_, as that
};

}  // namespace

std::unique_ptr<Layer> make_depthwise_conv_2d(const LayerConfig& config) {
  return std::make_unique<DepthwiseConv2D>(config);
}

}  // namespace fovea
