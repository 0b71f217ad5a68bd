// Shared part of the pooling layers. Source: keras/src/layers/pooling/base_pooling.py.
#include "layers/pool/pooling_2d.h"

#include <fovea/error.h>

#include "layers/old_layer.h"

namespace fovea {

Pooling2D::Pooling2D(const LayerConfig& config) : OldLayer(config), same_(read_same_padding(config)) {
  require_channels_last(config);
  std::tie(y_, x_) = read_window(config, "pool_size", true);
  if (y_.dilation != 1 || x_.dilation != 1)
    throw UnsupportedError(config.where("dilation_rate other than 1 is not supported"));
}

Shape Pooling2D::infer(std::span<const Shape> in) const {
  const Shape& shape = feature_map(in);
  const std::int64_t h = window_span(y_, same_, shape.h(), padding_.top, padding_.bottom).out;
  const std::int64_t w = window_span(x_, same_, shape.w(), padding_.left, padding_.right).out;
  if (h <= 0 || w <= 0) throw Error(where("the window is larger than its input " + shape.str()));
  return {h, w, shape.c()};
}

void Pooling2D::set_up(const PrepareContext& ctx) {
  in_ = ctx.in[0];
  out_ = ctx.out;
}

void Pooling2D::run(const RunContext& ctx) const noexcept {
  const std::int64_t blocks = in_.blocks();
  const Kernel kernel = pick(ctx.kernels);
  const WindowSpan y = window_span(y_, same_, in_.shape.h(), padding_.top, padding_.bottom);
  const WindowSpan x = window_span(x_, same_, in_.shape.w(), padding_.left, padding_.right);
  ctx.team.for_each(ctx.batch * blocks, [&](std::int64_t task, int) {
    const std::int64_t image = task / blocks, block = task % blocks;
    kernel({.in = ctx.in[0].image(image) + block * in_.pixels() * kBlock,
            .h = static_cast<int>(in_.shape.h()),
            .w = static_cast<int>(in_.shape.w()),
            .out = ctx.out.image(image) + block * out_.pixels() * kBlock,
            .out_w = static_cast<int>(x.out),
            .y_begin = 0,
            .y_end = static_cast<int>(y.out),
            .kh = static_cast<int>(y_.kernel),
            .kw = static_cast<int>(x_.kernel),
            .stride_h = static_cast<int>(y_.stride),
            .stride_w = static_cast<int>(x_.stride),
            .pad_top = static_cast<int>(y.before),
            .pad_left = static_cast<int>(x.before),
            .zero_padding = zero_padding_});
  });
}

void Pooling2D::for_each_window(std::int64_t channel,
                                const std::function<void(std::span<const std::int64_t>, std::int64_t)>& use) const {
  const std::int64_t h = in_.shape.h(), w = in_.shape.w(), channels = in_.shape.c();
  const WindowSpan y = window_span(y_, same_, h, padding_.top, padding_.bottom);
  const WindowSpan x = window_span(x_, same_, w, padding_.left, padding_.right);
  std::vector<std::int64_t> cells;
  for (std::int64_t window = 0; window < y.out * x.out; ++window) {
    cells.clear();
    const std::int64_t top = window / x.out * y_.stride - y.before, left = window % x.out * x_.stride - x.before;
    for (std::int64_t row = top; row < top + y_.kernel; ++row) {
      for (std::int64_t col = left; col < left + x_.kernel; ++col) {
        const bool inside = row >= 0 && row < h && col >= 0 && col < w;
        if (inside) cells.push_back((row * w + col) * channels + channel);
        if (!inside && zero_padding_) cells.push_back(kPaddingCell);
      }
    }
    use(cells, window * channels + channel);
  }
}

}  // namespace fovea
