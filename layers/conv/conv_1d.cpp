// Keras' 1D convolutions: the 2D ones over one row. Sources: keras/src/layers/convolutional/base_conv.py,
// base_conv_transpose.py, base_depthwise_conv.py, base_separable_conv.py.
#include <fovea/error.h>
#include "layers/layer.h"
#include "layers/registry.h"
#include "layers/row_layer.h"

namespace fovea {

namespace {

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
  if (causal && !row->absorb(Padding{.left = (kernel_size - 1) * dilation}))
    throw UnsupportedError(config.where("padding 'causal' is not supported"));
  return make_row_layer(config.name(), config.class_name(), std::move(row));
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
