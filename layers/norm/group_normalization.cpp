// Keras GroupNormalization: mean and variance of each group of channels over all pixels. With another axis in the
// channels' place it is another layer. Source: keras/src/layers/normalization/group_normalization.py.
#include <algorithm>
#include <cmath>

#include <fovea/error.h>
#include "base/aligned.h"
#include "layers/axes.h"
#include "layers/layer.h"
#include "layers/norm/axes_norm.h"

namespace fovea {

namespace {

class GroupNormOp final : public Op {
 public:
  /// Groups of `size` channels; `scale` and `shift` have a value for each channel or no data.
  GroupNormOp(std::int64_t size, double epsilon, const Weight& scale, const Weight& shift, const TensorDesc& desc)
      : size_(size), epsilon_(epsilon), desc_(desc), scale_(desc.shape.c()), shift_(desc.shape.c()) {
    std::fill_n(scale_.data(), scale_.size(), 1.0f);
    if (scale.data) std::copy_n(scale.data.get(), scale_.size(), scale_.data());
    if (shift.data) std::copy_n(shift.data.get(), shift_.size(), shift_.data());
  }

  OpNeeds needs() const override {
    // Of each channel: its group's mean, the sums, scale and shift.
    return {.shared_scratch = float_bytes(4 * desc_.blocks() * kBlock), .in_place_input = 0};
  }
  OpReport report() const override { return {.kernel = "affine_f32_c16"}; }

  void run(const RunContext& ctx) const noexcept override {
    const std::int64_t blocks = desc_.blocks(), padded = blocks * kBlock, plane = desc_.pixels() * kBlock;
    const int pixels = static_cast<int>(desc_.pixels());
    float *mean = ctx.shared_scratch(), *sums = mean + padded, *scale = sums + padded, *shift = scale + padded;
    for (std::int64_t image = 0; image < ctx.batch; ++image) {
      const float* in = ctx.in[0].image(image);
      const auto for_each_block = [&](auto kernel) {
        ctx.team.for_each(blocks, [&](std::int64_t block, int) { kernel(in + block * plane, block * kBlock); });
      };
      std::fill_n(mean, padded, 0.0f);
      for_each_block([&](const float* from, std::int64_t at) {
        ctx.kernels.normalise.sum_f32_c16(from, pixels, mean + at, sums + at);
      });
      for_each_group(sums, [&](std::int64_t c, double average) { mean[c] = static_cast<float>(average); });
      for_each_block([&](const float* from, std::int64_t at) {
        ctx.kernels.normalise.sum_squares_f32_c16(from, pixels, mean + at, sums + at);
      });
      std::fill_n(scale, 2 * padded, 0.0f);
      for_each_group(sums, [&](std::int64_t c, double variance) {
        const double factor = double{scale_.data()[c]} / std::sqrt(variance + epsilon_);
        scale[c] = static_cast<float>(factor);
        shift[c] = static_cast<float>(double{shift_.data()[c]} - factor * double{mean[c]});
      });
      for_each_block([&](const float* from, std::int64_t at) {
        ctx.kernels.elementwise.affine_f32_c16(from, ctx.out.image(image) + (from - in), pixels, scale + at, shift + at,
                                               kNoClamp);
      });
    }
  }

 private:
  // Gives every channel the average over its group.
  template <class F>
  void for_each_group(const float* sums, F f) const noexcept {
    for (std::int64_t first = 0; first < desc_.shape.c(); first += size_) {
      double total = 0;
      for (std::int64_t c = first; c < first + size_; ++c) total += double{sums[c]};
      for (std::int64_t c = first; c < first + size_; ++c) f(c, total / static_cast<double>(size_ * desc_.pixels()));
    }
  }

  std::int64_t size_;
  double epsilon_;
  TensorDesc desc_;
  AlignedFloats scale_, shift_;  // of each channel
};

class GroupNormalization final : public Layer {
 public:
  explicit GroupNormalization(const LayerConfig& config)
      : Layer(config),
        axes_(read_axes(config, "axis", -1)),
        groups_(config.integer("groups", 32)),
        epsilon_(config.number("epsilon", 1e-3)) {
    if (!(epsilon_ > 0)) throw Error(where("epsilon is not positive"));
    if (groups_ < -1 || groups_ == 0) throw Error(where("groups must be positive"));
    if (config.boolean("scale", true)) scale_ = config.weight("gamma", {kAnySize});
    if (config.boolean("center", true)) shift_ = config.weight("beta", {kAnySize});
  }

  std::unique_ptr<Layer> specialise(std::span<const Shape> in) override {
    if (in.size() != 1) return nullptr;
    const std::size_t axis = checked_axis(in[0]);
    std::vector<std::int64_t> dims = in[0].dims();
    std::vector<bool> along(dims.size(), false);
    along[axis] = true;
    if (axis + 1 == dims.size()) return nullptr;
    std::vector<float> scale = spread(scale_, dims, along), shift = spread(shift_, dims, along);
    // Groups are a dimension of their own, the only one not taken together.
    const std::int64_t groups = groups_of(dims[axis]);
    dims[axis] /= groups;
    dims.insert(dims.begin() + static_cast<std::ptrdiff_t>(axis), groups);
    std::vector<bool> over(dims.size(), true);
    over[axis] = false;
    return make_axes_norm(name(), class_name(), {true, true, epsilon_, 0}, sets_over(dims, over), std::move(scale),
                          std::move(shift));
  }

  Shape infer(std::span<const Shape> in) const override {
    checked_axis(only_input(in));
    return in[0];
  }

  std::unique_ptr<Op> prepare(const PrepareContext& ctx) override {
    const std::int64_t channels = ctx.out.shape.c();
    return std::make_unique<GroupNormOp>(channels / groups_of(channels), epsilon_, scale_, shift_, ctx.out);
  }

 private:
  std::int64_t groups_of(std::int64_t channels) const { return groups_ == -1 ? channels : groups_; }

  // The dimension that is grouped.
  std::size_t checked_axis(const Shape& shape) const {
    const std::vector<bool> marked = marked_axes(axes_, shape.rank(), name(), class_name());
    if (axes_.size() != 1) throw Error(where("axis is not one whole number"));
    const std::size_t axis = static_cast<std::size_t>(std::find(marked.begin(), marked.end(), true) - marked.begin());
    const std::int64_t channels = shape.dims()[axis];
    if (channels % groups_of(channels) != 0) throw Error(where("cannot group the channels of " + shape.str()));
    for (const Weight* weight : {&scale_, &shift_}) {
      if (!weight->shape.empty() && weight->shape[0] != channels) {
        throw Error(where("has " + std::to_string(weight->shape[0]) + " channels, its input is " + shape.str()));
      }
    }
    return axis;
  }

  std::vector<std::int64_t> axes_;
  std::int64_t groups_;
  double epsilon_;
  Weight scale_, shift_;
};

}  // namespace

std::unique_ptr<Layer> make_group_normalization(const LayerConfig& config) {
  return std::make_unique<GroupNormalization>(config);
}

}  // namespace fovea
