// Keras' 1D convolutions: the 2D ones over one row. Sources: keras/src/layers/convolutional/base_conv.py,
// base_conv_transpose.py, base_depthwise_conv.py, base_separable_conv.py.
#include <fovea/error.h>
#include "layers/layer.h"
#include "layers/registry.h"

namespace fovea {

namespace {

// {length, channels} as a feature map; in memory they are the same.
Shape as_row(const Shape& shape) { return {1, shape[0], shape[1]}; }
TensorDesc as_row(TensorDesc tensor) {
  tensor.shape = as_row(tensor.shape);
  return tensor;
}

class Conv1D final : public Layer {
 public:
  Conv1D(const std::string& name, const std::string& class_name, std::unique_ptr<Layer> row)
      : Layer(name, class_name), row_(std::move(row)) {}

  Shape infer(std::span<const Shape> in) const override {
    const Shape out = row_->infer(rows(in));
    return {out.w(), out.c()};
  }
  Layout input_layout(std::span<const Shape> in) const override { return row_->input_layout(rows(in)); }
  // The second half of a separable convolution has its own, as any convolution.
  std::unique_ptr<Layer> take_activation() override {
    auto next = row_->take_activation();
    if (next == nullptr || !next->is_convolution()) return next;
    const std::string name = next->name();
    return std::make_unique<Conv1D>(name, class_name(), std::move(next));
  }
  bool fuse_clamp(Clamp clamp) override { return row_->fuse_clamp(clamp); }
  bool fuse_affine(const ChannelAffine& affine) override { return row_->fuse_affine(affine); }
  bool fuse_sum() override { return row_->fuse_sum(); }
  int in_place_input() const override { return row_->in_place_input(); }

  void prepare(const PrepareContext& ctx) override {
    PrepareContext own{ctx.kernels, {}, as_row(ctx.out), ctx.team, ctx.arithmetic};
    for (const TensorDesc& tensor : ctx.in) own.in.push_back(as_row(tensor));
    row_->prepare(own);
  }
  std::int64_t scratch_floats() const override { return row_->scratch_floats(); }
  std::int64_t shared_scratch_floats() const override { return row_->shared_scratch_floats(); }
  std::int64_t macs() const override { return row_->macs(); }
  std::string kernel_name() const override { return row_->kernel_name(); }
  std::int64_t weight_bytes() const override { return row_->weight_bytes(); }
  void run(const RunContext& ctx) const noexcept override { row_->run(ctx); }

 private:
  std::vector<Shape> rows(std::span<const Shape> in) const {
    std::vector<Shape> shapes;
    for (const Shape& shape : in) {
      if (shape.rank() != 2) throw Error(where("takes an input (length, channels), it is " + shape.str()));
      shapes.push_back(as_row(shape));
    }
    return shapes;
  }

  std::unique_ptr<Layer> row_;
};

// An attribute that is one number, or a list of one.
std::int64_t number(const LayerConfig& config, const char* key, std::int64_t fallback) {
  const Attribute* attribute = config.find(key);
  const auto* list = attribute == nullptr ? nullptr : std::get_if<AttributeList>(&attribute->value());
  if (list == nullptr) return config.integer(key, fallback);
  const auto* only = list->size() == 1 ? std::get_if<std::int64_t>(&(*list)[0].value()) : nullptr;
  if (only == nullptr) throw Error(config.where(std::string("attribute '") + key + "' is not one whole number"));
  return *only;
}

Attribute across(std::int64_t value) {
  AttributeList pair(2);
  pair[0] = Attribute::Value(std::int64_t{1});
  pair[1] = Attribute::Value(value);
  return Attribute::Value(std::move(pair));
}

// A kernel of one row.
Weight as_row(Weight kernel) {
  kernel.shape.insert(kernel.shape.begin(), 1);
  return kernel;
}

// The layer `kind` over one row, with these kernels; bias and the attributes named go to it as they are.
std::unique_ptr<Layer> over_row(const LayerConfig& config, const char* kind, std::vector<Weight> kernels,
                                std::initializer_list<const char*> others) {
  const std::int64_t kernel_size = number(config, "kernel_size", 0), dilation = number(config, "dilation_rate", 1);
  const bool causal = config.text("padding", "valid") == "causal";
  AttributeMap attributes;
  attributes["kernel_size"] = across(kernel_size);
  attributes["strides"] = across(number(config, "strides", 1));
  attributes["dilation_rate"] = across(dilation);
  if (causal) attributes["padding"] = Attribute::Value(std::string("valid"));
  copy_attributes(config, {"padding", "data_format", "use_bias", "activation"}, attributes);
  copy_attributes(config, others, attributes);
  // A row has no padding of its own height.
  if (config.has("output_padding")) {
    AttributeList padding(2);
    padding[0] = Attribute::Value(std::int64_t{0});
    padding[1] = Attribute::Value(number(config, "output_padding", 0));
    attributes["output_padding"] = Attribute::Value(std::move(padding));
  }
  if (config.boolean("use_bias", true)) kernels.push_back(config.weight("bias", {kAnySize}));
  std::unique_ptr<Layer> row = make_layer(LayerConfig(kind, config.name(), std::move(attributes), std::move(kernels)));
  // Causal: no value sees a later one.
  if (causal && !row->fuse_padding({.left = (kernel_size - 1) * dilation}))
    throw UnsupportedError(config.where("padding 'causal' is not supported"));
  return std::make_unique<Conv1D>(config.name(), config.class_name(), std::move(row));
}

}  // namespace

std::unique_ptr<Layer> make_conv_1d(const LayerConfig& config) {
  const Weight& kernel = config.weight("kernel", {number(config, "kernel_size", 0), kAnySize, kAnySize});
  return over_row(config, "Conv2D", {as_row(kernel)}, {"filters", "groups"});
}

std::unique_ptr<Layer> make_conv_1d_transpose(const LayerConfig& config) {
  const Weight& kernel = config.weight("kernel", {number(config, "kernel_size", 0), kAnySize, kAnySize});
  return over_row(config, "Conv2DTranspose", {as_row(kernel)}, {"filters", "groups"});
}

std::unique_ptr<Layer> make_depthwise_conv_1d(const LayerConfig& config) {
  const Weight& kernel = config.weight("depthwise_kernel", {number(config, "kernel_size", 0), kAnySize, kAnySize});
  return over_row(config, "DepthwiseConv2D", {as_row(kernel)}, {"depth_multiplier", "filters", "groups"});
}

std::unique_ptr<Layer> make_separable_conv_1d(const LayerConfig& config) {
  const Weight& depthwise = config.weight("depthwise_kernel", {number(config, "kernel_size", 0), kAnySize, kAnySize});
  const Weight& pointwise = config.weight("pointwise_kernel", {1, kAnySize, kAnySize});
  return over_row(config, "SeparableConv2D", {as_row(depthwise), as_row(pointwise)},
                  {"depth_multiplier", "filters", "groups"});
}

}  // namespace fovea
