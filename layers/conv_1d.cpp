// Keras Conv1D: a Conv2D over one row. Source: keras/src/layers/convolutional/base_conv.py.
#include "layers/error.h"
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
  Conv1D(const LayerConfig& config, std::unique_ptr<Layer> row) : Layer(config), row_(std::move(row)) {}

  Shape infer(std::span<const Shape> in) const override {
    const Shape out = row_->infer(rows(in));
    return {out.w(), out.c()};
  }
  Layout input_layout(std::span<const Shape> in) const override { return row_->input_layout(rows(in)); }
  std::unique_ptr<Layer> take_activation() override { return row_->take_activation(); }
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

}  // namespace

std::unique_ptr<Layer> make_conv_1d(const LayerConfig& config) {
  const std::int64_t kernel_size = number(config, "kernel_size", 0), dilation = number(config, "dilation_rate", 1);
  const std::int64_t filters = config.integer("filters", 0);
  const bool causal = config.text("padding", "valid") == "causal";
  AttributeMap attributes;
  attributes["kernel_size"] = across(kernel_size);
  attributes["strides"] = across(number(config, "strides", 1));
  attributes["dilation_rate"] = across(dilation);
  if (causal) attributes["padding"] = Attribute::Value(std::string("valid"));
  copy_attributes(config, {"filters", "groups", "padding", "data_format", "use_bias", "activation"}, attributes);
  std::vector<Weight> weights{config.weight("kernel", {kernel_size, kAnySize, filters})};
  weights[0].shape.insert(weights[0].shape.begin(), 1);
  if (config.boolean("use_bias", true)) weights.push_back(config.weight("bias", {filters}));
  std::unique_ptr<Layer> row =
      make_layer(LayerConfig("Conv2D", config.name(), std::move(attributes), std::move(weights)));
  // Causal: no value sees a later one.
  if (causal) row->fuse_padding({.left = (kernel_size - 1) * dilation});
  return std::make_unique<Conv1D>(config, std::move(row));
}

}  // namespace fovea
