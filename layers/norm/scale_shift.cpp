// Scale and shift over [H][W][C]: the factors of C channels repeat after C vectors of 16.
#include "layers/norm/scale_shift.h"

#include <algorithm>

#include <fovea/error.h>
#include "base/aligned.h"
#include "base/ceil_div.h"
#include "layers/elementwise/constant.h"

namespace fovea {

namespace {

// Vectors of 16 handed out at once, to the next multiple of the period.
constexpr std::int64_t kPieceVectors = 512;

class ScaleShiftOp final : public Op {
 public:
  ScaleShiftOp(const std::vector<double>& scale, const std::vector<double>& shift, std::int64_t floats)
      : floats_(floats),
        period_(static_cast<std::int64_t>(std::max(scale.size(), shift.size()))),
        scales_(period_ * kBlock),
        shifts_(period_ * kBlock) {
    for (std::int64_t i = 0; i < period_ * kBlock; ++i) {
      const std::size_t channel = static_cast<std::size_t>(i % period_);
      scales_.data()[i] = static_cast<float>(scale[scale.size() == 1 ? 0 : channel]);
      shifts_.data()[i] = static_cast<float>(shift[shift.size() == 1 ? 0 : channel]);
    }
  }

  OpNeeds needs() const override { return {.in_place_input = 0}; }
  OpReport report() const override { return {.kernel = "affine_f32_nhwc"}; }
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
  std::int64_t floats_, period_;
  AlignedFloats scales_, shifts_;
};

class ScaleShift final : public Layer {
 public:
  ScaleShift(const LayerConfig& config, std::vector<double> scale, std::vector<double> shift)
      : Layer(config), scale_(std::move(scale)), shift_(std::move(shift)) {}

  Shape infer(std::span<const Shape> in) const override {
    const Shape& shape = only_input(in);
    for (const auto* values : {&scale_, &shift_}) {
      if (values->size() != 1 && static_cast<std::int64_t>(values->size()) != shape.c()) {
        throw Error(where("has " + std::to_string(values->size()) + " values, its input is " + shape.str()));
      }
    }
    return shape;
  }
  LayerFormats formats(std::span<const Shape>) const override { return {Layout::nhwc, Layout::nhwc}; }
  std::unique_ptr<Op> prepare(const PrepareContext& ctx) override {
    return std::make_unique<ScaleShiftOp>(scale_, shift_, ctx.out.values());
  }

 private:
  std::vector<double> scale_, shift_;
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
