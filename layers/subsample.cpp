// Subsampling: the maximum over one pixel each.
#include "layers/subsample.h"

namespace fovea {

namespace {

class Subsample final : public Layer {
 public:
  Subsample(const std::string& name, std::int64_t stride) : Layer(name, "Subsample"), stride_(stride) {}
  Shape infer(std::span<const Shape> in) const override {
    const Shape& shape = feature_map(in);
    return {(shape.h() + stride_ - 1) / stride_, (shape.w() + stride_ - 1) / stride_, shape.c()};
  }
  void prepare(const PrepareContext& ctx) override {
    in_ = ctx.in[0];
    out_ = ctx.out;
  }
  std::string kernel_name() const override { return "max_pool_f32_c16"; }
  void run(const RunContext& ctx) const noexcept override {
    const std::int64_t blocks = out_.blocks();
    ctx.team.for_each(ctx.batch * blocks, [&](std::int64_t task, int) {
      const std::int64_t image = task / blocks, block = task % blocks;
      const int stride = static_cast<int>(stride_);
      ctx.kernels.max_pool_f32_c16({.in = ctx.in[0].image(image) + block * in_.pixels() * kBlock,
                                    .h = static_cast<int>(in_.shape.h()),
                                    .w = static_cast<int>(in_.shape.w()),
                                    .out = ctx.out.image(image) + block * out_.pixels() * kBlock,
                                    .out_w = static_cast<int>(out_.shape.w()),
                                    .y_begin = 0,
                                    .y_end = static_cast<int>(out_.shape.h()),
                                    .kh = 1,
                                    .kw = 1,
                                    .stride_h = stride,
                                    .stride_w = stride,
                                    .pad_top = 0,
                                    .pad_left = 0,
                                    .zero_padding = false});
    });
  }

 private:
  std::int64_t stride_;
  TensorDesc in_, out_;
};

}  // namespace

std::unique_ptr<Layer> make_subsample(const std::string& name, std::int64_t stride) {
  return std::make_unique<Subsample>(name, stride);
}

}  // namespace fovea
