// Scale and shift over [H][W][C]: the factors of C channels repeat after C vectors of 16.
#include "layers/norm/scale_shift.h"

#include <algorithm>

#include <fovea/error.h>
#include "base/aligned.h"
#include "base/ceil_div.h"
#include "layers/elementwise/constant.h"
#include "layers/old_layer.h"

namespace fovea {

namespace {

// Vectors of 16 handed out at once, to the next multiple of the period.
constexpr std::int64_t kPieceVectors = 512;

class ScaleShift final : public OldLayer {
 public:
  ScaleShift(const LayerConfig& config, std::vector<double> scale, std::vector<double> shift)
      : OldLayer(config), scale_(std::move(scale)), shift_(std::move(shift)) {}

  Shape infer(std::span<const Shape> in) const override {
    const Shape& shape = only_input(in);
    for (const auto* values : {&scale_, &shift_}) {
      if (values->size() != 1 && static_cast<std::int64_t>(values->size()) != shape.c()) {
        throw Error(where("has " + std::to_string(values->size()) + " values, its input is " + shape.str()));
      }
    }
    return shape;
  }
  Layout input_layout(std::span<const Shape>) const override { return Layout::nhwc; }
  Layout output_layout() const override { return Layout::nhwc; }

  void set_up(const PrepareContext& ctx) override {
    floats_ = ctx.out.values();
    period_ = static_cast<std::int64_t>(std::max(scale_.size(), shift_.size()));
    scales_ = AlignedFloats(period_ * kBlock);
    shifts_ = AlignedFloats(period_ * kBlock);
    for (std::int64_t i = 0; i < period_ * kBlock; ++i) {
      const std::size_t channel = static_cast<std::size_t>(i % period_);
      scales_.data()[i] = static_cast<float>(scale_[scale_.size() == 1 ? 0 : channel]);
      shifts_.data()[i] = static_cast<float>(shift_[shift_.size() == 1 ? 0 : channel]);
    }
  }
  int in_place_input() const override { return 0; }
  std::string kernel_name() const override { return "affine_f32_nhwc"; }

  void run(const RunContext& ctx) const noexcept override {
    const std::int64_t piece = ceil_div(kPieceVectors, period_) * period_ * kBlock, pieces = ceil_div(floats_, piece);
    ctx.team.for_each(ctx.batch * pieces, [&](std::int64_t task, int) {
      const std::int64_t image = task / pieces, begin = task % pieces * piece;
      ctx.kernels.elementwise.affine_f32_nhwc(ctx.in[0].image(image) + begin, ctx.out.image(image) + begin,
                                              std::min(piece, floats_ - begin), static_cast<int>(period_),
                                              scales_.data(), shifts_.data());
    });
  }

 private:
  std::vector<double> scale_, shift_;
  std::int64_t floats_ = 0, period_ = 1;
  AlignedFloats scales_, shifts_;
};

}  // namespace

std::vector<double> read_numbers(const LayerConfig& config, const std::string& key) {
  if (!config.has(key)) return {};
  const Constant constant = read_constant(config, key, *config.find(key));
  if (!constant.is_single() && !constant.is_per_channel())
    throw UnsupportedError(config.where("attribute '" + key + "' is not one number, or one for each channel"));
  return constant.values;
}

std::unique_ptr<Layer> make_scale_shift(const LayerConfig& config, std::vector<double> scale,
                                        std::vector<double> shift) {
  return std::make_unique<ScaleShift>(config, std::move(scale), std::move(shift));
}

}  // namespace fovea
