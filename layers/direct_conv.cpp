// Direct convolution as a method: its plan and its packed weights.
#include "layers/conv_method.h"
#include "layers/conv_plan.h"

namespace fovea {

namespace {

class DirectConv final : public ConvMethod {
 public:
  DirectConv(const ConvGeometry& geometry, const ConvWeights& weights, ThreadTeam& team)
      : plan_(make_conv_plan(geometry)),
        weights_(pack_conv_weights(plan_, geometry.kernels.conv_channels, weights, team)),
        tile_(std::to_string(geometry.kernels.conv_pixels) + "x" + std::to_string(geometry.kernels.conv_channels)) {}

  void run(const ConvEpilogue& epilogue, const RunContext& ctx) const noexcept override {
    run_conv(plan_, weights_.data(), epilogue, ctx);
  }
  std::int64_t scratch_floats() const override { return plan_.strip_floats; }
  std::int64_t weight_floats() const override { return weights_.size(); }
  std::string name() const override { return (plan_.planar ? "conv_f32_planar " : "conv_f32_c16 ") + tile_; }

 private:
  ConvPlan plan_;
  AlignedFloats weights_;
  std::string tile_;
};

}  // namespace

std::unique_ptr<ConvMethod> make_direct_conv(const ConvGeometry& geometry, const ConvWeights& weights,
                                             ThreadTeam& team) {
  return std::make_unique<DirectConv>(geometry, weights, team);
}

}  // namespace fovea
