// Shared part of global pooling. Source: keras/src/layers/pooling/base_global_pooling.py.
#include "layers/pool/global_pooling_2d.h"

#include "layers/window.h"

namespace fovea {

void GlobalPoolingOp::run(const RunContext& ctx) const noexcept {
  const std::int64_t blocks = in_.blocks(), pixels = in_.pixels();
  ctx.team.for_each(ctx.batch * blocks, [&](std::int64_t task, int) {
    const std::int64_t image = task / blocks, block = task % blocks;
    kernel_(ctx.in[0].image(image) + block * pixels * kBlock, static_cast<int>(pixels),
            ctx.out.image(image) + block * kBlock);
  });
}

GlobalPoolingLayer::GlobalPoolingLayer(const LayerConfig& config)
    : Layer(config), keepdims_(config.boolean("keepdims", false)) {
  require_channels_last(config);
}

Shape GlobalPoolingLayer::infer(std::span<const Shape> in) const {
  const Shape& shape = feature_map(in);
  return keepdims_ ? Shape{1, 1, shape.c()} : Shape{shape.c()};
}

}  // namespace fovea
