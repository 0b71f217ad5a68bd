// Subsampling: pooling over windows of one pixel.
#include "layers/pool/subsample.h"

#include "layers/pool/pooling_2d.h"

namespace fovea {

namespace {

class Subsample final : public PoolingLayer {
 public:
  using PoolingLayer::PoolingLayer;
  std::unique_ptr<Op> prepare(const PrepareContext& ctx) override {
    return std::make_unique<PoolingOp>(ctx.kernels.pool.max_f32_c16, "max_pool_f32_c16", windows(ctx));
  }
};

}  // namespace

std::unique_ptr<Layer> make_subsample(const std::string& name, std::int64_t stride) {
  const AttributeMap window{{"pool_size", Attribute::Value(std::int64_t{1})}, {"strides", Attribute::Value(stride)}};
  return std::make_unique<Subsample>(LayerConfig("Subsample", name, window, {}));
}

}  // namespace fovea
