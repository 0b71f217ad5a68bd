// Keras BatchNormalization at inference: gamma * (x - mean) / sqrt(variance + epsilon) + beta, one scale and shift a
// channel, or a place along another axis. Source: keras/src/layers/normalization/batch_normalization.py.
#include <cmath>

#include <fovea/error.h>
#include "base/aligned.h"
#include "layers/axes.h"
#include "layers/layer.h"
#include "layers/norm/map_affine.h"

namespace fovea {

namespace {

class ChannelAffineOp final : public Op {
 public:
  // A vector of N channels is N/16 blocks of one pixel.
  ChannelAffineOp(ChannelAffine affine, Clamp clamp, const TensorDesc& out)
      : affine_(std::move(affine)),
        clamp_(clamp),
        blocks_(out.blocks()),
        pixels_(static_cast<int>(out.pixels())),
        scale_(blocks_ * kBlock),
        shift_(blocks_ * kBlock) {
    for (std::size_t c = 0; c < affine_.scale.size(); ++c) {
      scale_.data()[c] = static_cast<float>(affine_.scale[c]);
      shift_.data()[c] = static_cast<float>(affine_.shift[c]);
    }
  }

  OpNeeds needs() const override { return {.in_place_input = 0}; }
  OpReport report() const override { return {.kernel = "affine_f32_c16"}; }
  bool has_gradient() const override { return true; }
  void add_gradients(const GradientContext& ctx) const override {
    for (std::size_t i = 0; i < ctx.out.value.size(); ++i) {
      const double gradient = before_clamp(clamp_, ctx.out.value[i], ctx.out.gradient[i]);
      ctx.in[0].gradient[i] += affine_.scale[i % affine_.scale.size()] * gradient;
    }
  }

  void run(const RunContext& ctx) const noexcept override {
    const std::int64_t plane = std::int64_t{pixels_} * kBlock;
    ctx.team.for_each(ctx.batch * blocks_, [&](std::int64_t task, int) {
      const std::int64_t image = task / blocks_, block = task % blocks_;
      ctx.kernels.elementwise.affine_f32_c16(ctx.in[0].image(image) + block * plane,
                                             ctx.out.image(image) + block * plane, pixels_,
                                             scale_.data() + block * kBlock, shift_.data() + block * kBlock, clamp_);
    });
  }

 private:
  ChannelAffine affine_;
  Clamp clamp_;
  std::int64_t blocks_;
  int pixels_;
  AlignedFloats scale_, shift_;
};

class BatchNormalization final : public Layer {
 public:
  explicit BatchNormalization(const LayerConfig& config) : Layer(config) {
    config.find("momentum");
    read_axis(config);
    if (config.boolean("renorm", false)) throw UnsupportedError(config.where("renorm is not supported"));
    for (const char* key : {"renorm_clipping", "renorm_momentum", "fused", "virtual_batch_size", "adjustment"})
      config.find(key);
    const double epsilon = config.number("epsilon", 1e-3);
    const Weight& mean = config.weight("moving_mean", {kAnySize});
    const std::int64_t channels = mean.shape[0];
    const Weight& variance = config.weight("moving_variance", {channels});
    const Weight* gamma = config.boolean("scale", true) ? &config.weight("gamma", {channels}) : nullptr;
    const Weight* beta = config.boolean("center", true) ? &config.weight("beta", {channels}) : nullptr;
    for (std::int64_t c = 0; c < channels; ++c) {
      const double deviation = std::sqrt(static_cast<double>(variance.data[c]) + epsilon);
      if (!(deviation > 0))
        throw Error(config.where("variance + epsilon of channel " + std::to_string(c) + " is not positive"));
      const double scale = (gamma != nullptr ? static_cast<double>(gamma->data[c]) : 1.0) / deviation;
      affine_.scale.push_back(scale);
      affine_.shift.push_back((beta != nullptr ? static_cast<double>(beta->data[c]) : 0.0) - scale * mean.data[c]);
    }
  }

  std::unique_ptr<Layer> specialise(std::span<const Shape> in) override {
    if (in.size() != 1) return nullptr;
    const std::vector<bool> marked = marked_axes({axis_}, in[0].rank(), name(), class_name());
    return marked.back() ? nullptr : make_affine_along(name(), class_name(), affine_, in[0], marked);
  }

  Shape infer(std::span<const Shape> in) const override {
    const Shape& shape = only_input(in);
    const std::vector<bool> marked = marked_axes({axis_}, shape.rank(), name(), class_name());
    if (!marked.back() || shape.c() != static_cast<std::int64_t>(affine_.scale.size())) {
      throw Error(where("has " + std::to_string(affine_.scale.size()) + " channels, its input is " + shape.str()));
    }
    return shape;
  }

  Role role(std::span<const Shape>) const override { return tail_.taken() ? Role{} : Role{&affine_}; }
  bool absorb(const Role& neighbour) override { return tail_.absorb(neighbour); }

  std::unique_ptr<Op> prepare(const PrepareContext& ctx) override {
    return std::make_unique<ChannelAffineOp>(std::move(affine_), tail_.clamp(), ctx.out);
  }

 private:
  // Keras 2 writes [3], Keras 3 writes 3 or -1; the batch dimension counts.
  void read_axis(const LayerConfig& config) {
    const Attribute* attribute = config.find("axis");
    if (attribute == nullptr || attribute->is_null()) return;
    const Attribute::Value* value = &attribute->value();
    if (const auto* list = std::get_if<AttributeList>(value); list != nullptr && list->size() == 1)
      value = &(*list)[0].value();
    const auto* axis = std::get_if<std::int64_t>(value);
    if (axis == nullptr) throw UnsupportedError(config.where("normalisation over several axes is not supported"));
    axis_ = *axis;
  }

  std::int64_t axis_ = -1;
  ChannelAffine affine_;
  TailClamp tail_;
};

}  // namespace

std::unique_ptr<Layer> make_batch_normalization(const LayerConfig& config) {
  return std::make_unique<BatchNormalization>(config);
}

}  // namespace fovea
