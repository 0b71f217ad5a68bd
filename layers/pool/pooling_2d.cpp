// Shared part of the pooling layers. Source: keras/src/layers/pooling/base_pooling.py.
#include "layers/pool/pooling_2d.h"

#include <fovea/error.h>

namespace fovea {

void PoolingOp::run(const RunContext& ctx) const noexcept {
  const PoolWindows& w = windows_;
  const std::int64_t blocks = w.in.blocks();
  ctx.team.for_each(ctx.batch * blocks, [&](std::int64_t task, int) {
    const std::int64_t image = task / blocks, block = task % blocks;
    kernel_({.in = ctx.in[0].image(image) + block * w.in.pixels() * kBlock,
             .h = static_cast<int>(w.in.shape.h()),
             .w = static_cast<int>(w.in.shape.w()),
             .out = ctx.out.image(image) + block * w.out.pixels() * kBlock,
             .out_w = static_cast<int>(w.cols.out),
             .y_begin = 0,
             .y_end = static_cast<int>(w.rows.out),
             .kh = static_cast<int>(w.y.kernel),
             .kw = static_cast<int>(w.x.kernel),
             .stride_h = static_cast<int>(w.y.stride),
             .stride_w = static_cast<int>(w.x.stride),
             .pad_top = static_cast<int>(w.rows.before),
             .pad_left = static_cast<int>(w.cols.before),
             .zero_padding = w.zero_padding});
  });
}

void PoolingOp::for_each_window(std::int64_t channel,
                                const std::function<void(std::span<const std::int64_t>, std::int64_t)>& use) const {
  const auto& [y, x, rows, cols, zero_padding, in, out] = windows_;
  const std::int64_t h = in.shape.h(), w = in.shape.w(), channels = in.shape.c();
  std::vector<std::int64_t> cells;
  for (std::int64_t window = 0; window < rows.out * cols.out; ++window) {
    cells.clear();
    const std::int64_t top = window / cols.out * y.stride - rows.before;
    const std::int64_t left = window % cols.out * x.stride - cols.before;
    for (std::int64_t row = top; row < top + y.kernel; ++row) {
      for (std::int64_t col = left; col < left + x.kernel; ++col) {
        const bool inside = row >= 0 && row < h && col >= 0 && col < w;
        if (inside) cells.push_back((row * w + col) * channels + channel);
        if (!inside && zero_padding) cells.push_back(kPaddingCell);
      }
    }
    use(cells, window * channels + channel);
  }
}

PoolingLayer::PoolingLayer(const LayerConfig& config) : Layer(config), same_(read_same_padding(config)) {
  require_channels_last(config);
  std::tie(y_, x_) = read_window(config, "pool_size", true);
  if (y_.dilation != 1 || x_.dilation != 1)
    throw UnsupportedError(config.where("dilation_rate other than 1 is not supported"));
}

Shape PoolingLayer::infer(std::span<const Shape> in) const {
  const Shape& shape = feature_map(in);
  const std::int64_t h = rows(shape).out, w = cols(shape).out;
  if (h <= 0 || w <= 0) throw Error(where("the window is larger than its input " + shape.str()));
  return {h, w, shape.c()};
}

bool PoolingLayer::take_padding(const Padding& padding) {
  if (same_) return false;
  padding_ = padding;
  zero_padding_ = true;
  return true;
}

PoolWindows PoolingLayer::windows(const PrepareContext& ctx) const {
  return {y_, x_, rows(ctx.in[0].shape), cols(ctx.in[0].shape), zero_padding_, ctx.in[0], ctx.out};
}

}  // namespace fovea
