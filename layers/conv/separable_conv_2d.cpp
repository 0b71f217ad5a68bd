// Keras SeparableConv2D: a DepthwiseConv2D without bias, then a 1x1 Conv2D, each a layer of its own to the engine.
// Source: keras/src/layers/convolutional/base_separable_conv.py.
#include <fovea/error.h>
#include "layers/layer.h"
#include "layers/registry.h"

namespace fovea {

namespace {

// The depthwise half; the other is taken out as a layer of its own.
class SeparableConv2D final : public Layer {
 public:
  SeparableConv2D(const LayerConfig& config, std::unique_ptr<Layer> depthwise, std::unique_ptr<Layer> pointwise)
      : Layer(config), depthwise_(std::move(depthwise)), pointwise_(std::move(pointwise)) {}

  Shape infer(std::span<const Shape> in) const override { return depthwise_->infer(in); }
  std::unique_ptr<Layer> take_activation() override { return std::move(pointwise_); }
  Role role(std::span<const Shape>) const override { return Convolution{}; }
  bool absorb(const Role& neighbour) override { return is<Padding>(neighbour) && depthwise_->absorb(neighbour); }
  std::unique_ptr<Op> prepare(const PrepareContext& ctx) override { return depthwise_->prepare(ctx); }

 private:
  std::unique_ptr<Layer> depthwise_, pointwise_;
};

}  // namespace

std::unique_ptr<Layer> make_separable_conv_2d(const LayerConfig& config) {
  if (config.integer("groups", 1) != 1) throw UnsupportedError(config.where("groups other than 1 are not supported"));
  const std::int64_t filters = config.integer("filters", 0);
  if (filters <= 0) throw Error(config.where("filters must be positive"));
  AttributeMap depthwise{{"use_bias", Attribute::Value(false)}};
  copy_attributes(config, {"kernel_size", "strides", "dilation_rate", "padding", "data_format", "depth_multiplier"},
                  depthwise);
  AttributeMap pointwise{{"kernel_size", Attribute::Value(std::int64_t{1})}};
  copy_attributes(config, {"filters", "use_bias", "activation"}, pointwise);
  const Weight& first = config.weight("depthwise_kernel", {kAnySize, kAnySize, kAnySize, kAnySize});
  Weight second = config.weight("pointwise_kernel", {1, 1, first.shape[2] * first.shape[3], filters});
  second.name = "kernel";
  std::vector<Weight> weights{second};
  if (config.boolean("use_bias", true)) weights.push_back(config.weight("bias", {filters}));
  return std::make_unique<SeparableConv2D>(
      config, make_layer(LayerConfig("DepthwiseConv2D", config.name(), std::move(depthwise), {first})),
      make_layer(LayerConfig("Conv2D", config.name() + "/pointwise", std::move(pointwise), std::move(weights))));
}

}  // namespace fovea
