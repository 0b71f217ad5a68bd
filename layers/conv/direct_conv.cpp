// Direct convolution as a method: its plan and its packed weights.
#include <algorithm>

#include "layers/conv/conv_method.h"
#include "layers/conv/conv_plan.h"

namespace fovea {

namespace {

class DirectConv final : public ConvMethod {
 public:
  DirectConv(const ConvGeometry& geometry, const ConvWeights& weights, ThreadTeam& team)
      : plan_(make_conv_plan(geometry)),
        panel_channels_(geometry.kernels.conv.channels),
        weights_(pack_conv_weights(plan_, panel_channels_, weights, team)),
        tile_(std::to_string(geometry.kernels.conv.pixels) + "x" + std::to_string(geometry.kernels.conv.channels)) {}

  void run(const ConvEpilogue& epilogue, const RunContext& ctx) const noexcept override {
    run_conv(plan_, weights_.data(), epilogue, ctx);
  }
  void run_part(const KernelTable& kernels, const ConvEpilogue& epilogue, const float* image,
                const PixelConv::Part& part, float* out, std::int64_t out_block_stride) const noexcept override {
    run_conv_pixels(kernels, plan_, part.first, part.pixels,
                    {.in = image,
                     .weights = panel_weights(part.block),
                     .next_weights = part.next_weights,
                     .out_blocks = static_cast<int>(part.blocks),
                     .out = out,
                     .out_row_stride = 0,
                     .out_block_stride = out_block_stride,
                     .residual = nullptr,
                     .bias = epilogue.bias + part.block * kBlock,
                     .clamp = epilogue.clamp,
                     .strip = nullptr});
  }
  std::int64_t panel_blocks() const override { return panel_channels_ / kBlock; }
  const float* panel_weights(std::int64_t block) const override {
    return weights_.data() + block / panel_blocks() * panel_floats(plan_, panel_channels_);
  }
  std::int64_t scratch_floats() const override { return plan_.strip_floats; }
  std::int64_t weight_floats() const override { return weights_.size(); }
  const float* first_weights(const ThreadTeam& team, int thread, int batch) const override {
    return weights_.data() + first_weight(plan_, panel_channels_, team, thread, batch);
  }
  void add_pixel_gradients(std::span<const double> out, std::span<double> in) const override {
    const std::size_t width = static_cast<std::size_t>(panel_channels_);
    const float* panel = weights_.data();
    for (std::size_t first = 0; first < out.size(); first += width, panel += panel_floats(plan_, panel_channels_)) {
      for (std::size_t k = 0; k < in.size(); ++k) {
        for (std::size_t n = first; n < std::min(first + width, out.size()); ++n) {
          in[k] += panel[k * width + n - first] * out[n];
        }
      }
    }
  }
  std::string name() const override { return (plan_.planar ? "conv_f32_planar " : "conv_f32_c16 ") + tile_; }

 private:
  ConvPlan plan_;
  int panel_channels_;
  AlignedFloats weights_;
  std::string tile_;
};

}  // namespace

std::unique_ptr<ConvMethod> make_direct_conv(const ConvGeometry& geometry, const ConvWeights& weights,
                                             ThreadTeam& team) {
  return std::make_unique<DirectConv>(geometry, weights, team);
}

}  // namespace fovea
