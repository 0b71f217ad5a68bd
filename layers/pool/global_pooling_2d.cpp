// Shared part of global pooling. Source: keras/src/layers/pooling/base_global_pooling.py.
#include "layers/pool/global_pooling_2d.h"

#include "layers/old_layer.h"
#include "layers/window.h"

namespace fovea {

GlobalPooling2D::GlobalPooling2D(const LayerConfig& config)
    : OldLayer(config), keepdims_(config.boolean("keepdims", false)) {
  require_channels_last(config);
}

Shape GlobalPooling2D::infer(std::span<const Shape> in) const {
  const Shape& shape = feature_map(in);
  return keepdims_ ? Shape{1, 1, shape.c()} : Shape{shape.c()};
}

void GlobalPooling2D::run(const RunContext& ctx) const noexcept {
  const std::int64_t blocks = in_.blocks(), pixels = in_.pixels();
  const Kernel kernel = pick(ctx.kernels);
  ctx.team.for_each(ctx.batch * blocks, [&](std::int64_t task, int) {
    const std::int64_t image = task / blocks, block = task % blocks;
    kernel(ctx.in[0].image(image) + block * pixels * kBlock, static_cast<int>(pixels),
           ctx.out.image(image) + block * kBlock);
  });
}

}  // namespace fovea
