// Direct convolution: its plan and its packed weights.
#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "layers/conv/conv_method.h"
#include "layers/conv/conv_plan.h"

namespace fovea {

namespace {

class DirectConv final : public PixelConv {
 public:
  DirectConv(ConvSpec spec, Packer& packer)
      : plan_(make_conv_plan(spec.geometry)),
        panel_channels_(spec.geometry.kernels.conv.channels),
        weights_(pack(spec.weights, packer)),
        epilogue_(std::move(spec.epilogue)),
        report_(std::move(spec.report)) {
    pixel_ = plan_.in.pixels() == 1 && plan_.y.kernel == 1 && plan_.x.kernel == 1 && !epilogue_.residual;
    report_.kernel =
        std::string(plan_.planar ? "conv_f32_planar " : "conv_f32_c16 ") + conv_tile(spec.geometry.kernels);
    report_.weight_bytes = weights_.bytes() + epilogue_.bias.bytes();
  }

  void run(const RunContext& ctx) const noexcept override { run_conv(plan_, weights_.data(), epilogue_, ctx); }
  void run_part(const KernelTable& kernels, const float* image, const Part& part, float* out,
                std::int64_t out_block_stride) const noexcept override {
    run_conv_pixels(kernels, plan_, part.first, part.pixels,
                    {.in = image,
                     .weights = panel_weights(part.block),
                     .next_weights = part.next_weights,
                     .out_blocks = static_cast<int>(part.blocks),
                     .out = out,
                     .out_row_stride = 0,
                     .out_block_stride = out_block_stride,
                     .residual = nullptr,
                     .bias = epilogue_.bias.data() + part.block * kBlock,
                     .clamp = epilogue_.clamp,
                     .strip = nullptr});
  }
  std::int64_t panel_blocks() const override { return panel_channels_ / kBlock; }
  const float* panel_weights(std::int64_t block) const override {
    return weights_.data() + block / panel_blocks() * panel_floats(plan_, panel_channels_);
  }
  OpNeeds needs() const override { return {float_bytes(plan_.strip_floats), 0, epilogue_.residual ? 1 : -1}; }
  OpReport report() const override { return report_; }
  const float* first_weights(const ThreadTeam& team, int thread, int batch) const override {
    return weights_.data() + first_weight(plan_, panel_channels_, team, thread, batch);
  }
  bool has_gradient() const override { return pixel_; }
  void add_gradients(const GradientContext& ctx) const override {
    const std::size_t width = static_cast<std::size_t>(panel_channels_), count = ctx.out.gradient.size();
    std::vector<double> gradient(count);
    for (std::size_t n = 0; n < count; ++n) {
      gradient[n] = before_clamp(epilogue_.clamp, ctx.out.value[n], ctx.out.gradient[n]);
    }
    const std::span<double> in = ctx.in[0].gradient;
    const float* panel = weights_.data();
    for (std::size_t first = 0; first < count; first += width, panel += panel_floats(plan_, panel_channels_)) {
      for (std::size_t k = 0; k < in.size(); ++k) {
        for (std::size_t n = first; n < std::min(first + width, count); ++n) {
          in[k] += panel[k * width + n - first] * gradient[n];
        }
      }
    }
  }

 private:
  PackedFloats pack(const ConvWeights& weights, Packer& packer) const {
    return packer.fill(packed_layout(plan_, panel_channels_),
                       packed_floats(plan_, panel_channels_, weights.kernel.shape[3]),
                       [&](float* to) { pack_conv_weights(plan_, panel_channels_, weights, packer.team(), to); });
  }

  ConvPlan plan_;
  int panel_channels_;
  PackedFloats weights_;
  ConvEpilogue epilogue_;
  OpReport report_;
  bool pixel_ = false;
};

}  // namespace

std::unique_ptr<PixelConv> make_direct_conv(ConvSpec spec, Packer& packer) {
  return std::make_unique<DirectConv>(std::move(spec), packer);
}

}  // namespace fovea
