// The same values under another shape, tensors put together, maps resized. Sources: keras/src/ops/{numpy,image}.py.
#include <fovea/error.h>
#include "layers/axes.h"
#include "layers/operation/families.h"
#include "layers/registry.h"
#include "layers/shape_ops/join_rows.h"

namespace fovea {

namespace {

// Reshape to a shape that depends on the input's: with a dimension of 1 put in, or those taken out.
class NewDimensions final : public Layer {
 public:
  NewDimensions(const LayerConfig& config, std::vector<std::int64_t> axes, bool squeeze)
      : Layer(config), axes_(std::move(axes)), squeeze_(squeeze) {}
  Shape infer(std::span<const Shape> in) const override { return Shape(dims(only_input(in))); }
  std::unique_ptr<Layer> specialise(std::span<const Shape> in) override {
    AttributeList target;
    for (const std::int64_t dim : dims(only_input(in))) target.push_back(Attribute::Value(dim));
    return make_layer(LayerConfig("Reshape", name(), {{"target_shape", Attribute::Value(target)}}, {}));
  }

 private:
  std::vector<std::int64_t> dims(const Shape& shape) const {
    std::vector<std::int64_t> dims = shape.dims();
    if (squeeze_) {
      const std::vector<bool> out = marked_axes(axes_, shape.rank(), name(), class_name());
      for (std::size_t i = out.size(); i-- > 0;) {
        if (!out[i]) continue;
        if (dims[i] != 1) throw Error(where("cannot take a dimension of " + std::to_string(dims[i]) + " out"));
        dims.erase(dims.begin() + static_cast<std::ptrdiff_t>(i));
      }
      return dims;
    }
    const int rank = shape.rank() + static_cast<int>(axes_.size());
    if (rank > kMostDimensions)
      throw UnsupportedError(where("a result of " + std::to_string(rank) + " dimensions is not supported"));
    const std::vector<bool> at = marked_axes(axes_, rank, name(), class_name());
    for (std::size_t i = 0; i < at.size(); ++i) {
      if (at[i]) dims.insert(dims.begin() + static_cast<std::ptrdiff_t>(i), 1);
    }
    return dims;
  }

  std::vector<std::int64_t> axes_;
  bool squeeze_;
};

// Stack along an axis that the result has and the inputs have not.
class Stack final : public Layer {
 public:
  explicit Stack(const LayerConfig& config) : Layer(config), axis_(config.integer("axis", 0)) {}
  Shape infer(std::span<const Shape> in) const override { return rows(in)->infer(in); }
  std::unique_ptr<Layer> specialise(std::span<const Shape> in) override { return rows(in); }

 private:
  std::unique_ptr<Layer> rows(std::span<const Shape> in) const {
    if (in.empty()) throw Error(where("has no inputs"));
    if (in[0].rank() >= kMostDimensions)
      throw UnsupportedError(where("inputs of shape " + in[0].str() + " are not supported"));
    return make_join_rows(name(), class_name(), axis_place(axis_, in[0].rank() + 1, name(), class_name()), true);
  }

  std::int64_t axis_;
};

// The list under `key` without the batch.
AttributeList without_batch(const LayerConfig& config, const std::string& key) {
  const Attribute* attribute = config.find(key);
  const auto* list = attribute == nullptr ? nullptr : std::get_if<AttributeList>(&attribute->value());
  if (list == nullptr || list->empty()) throw Error(config.where("attribute '" + key + "' is not a list"));
  return {list->begin() + 1, list->end()};
}

std::unique_ptr<Layer> transpose(const LayerConfig& config) {
  config.find("conjugate");  // of complex numbers
  if (!config.has("axes") || read_axes(config, "axes", 0).front() != 0)
    throw UnsupportedError(config.where("moving the batch is not supported"));
  return as_layer(config, "Permute", {{"dims", Attribute::Value(without_batch(config, "axes"))}});
}

std::unique_ptr<Layer> resize(const LayerConfig& config) {
  const auto [h, w] = config.pair("size", 0);
  AttributeMap attributes{{"height", Attribute::Value(h)}, {"width", Attribute::Value(w)}};
  for (const char* key : {"interpolation", "antialias", "crop_to_aspect_ratio", "pad_to_aspect_ratio", "fill_mode",
                          "fill_value", "data_format"}) {
    if (config.has(key)) attributes.emplace(key, *config.find(key));
  }
  return as_layer(config, "Resizing", std::move(attributes));
}

}  // namespace

std::unique_ptr<Layer> make_shape_operation(const LayerConfig& config, OperationKind kind) {
  using Kind = OperationKind;
  switch (kind) {
    case Kind::stack:
      return std::make_unique<Stack>(config);
    case Kind::concatenate:
      return as_layer(config, "Concatenate", {{"axis", Attribute::Value(read_axes(config, "axis", -1).front())}});
    case Kind::reshape:
      return as_layer(config, "Reshape", {{"target_shape", Attribute::Value(without_batch(config, "newshape"))}});
    case Kind::flatten:
      return as_layer(config, "Flatten", {});
    case Kind::squeeze:
      if (!config.has("axis")) return nullptr;
      return std::make_unique<NewDimensions>(config, read_axes(config, "axis", -1), true);
    case Kind::expand_dims:
      return std::make_unique<NewDimensions>(config, read_axes(config, "axis", -1), false);
    case Kind::transpose:
      return transpose(config);
    case Kind::resize:
      return resize(config);
    default:
      return nullptr;
  }
}

}  // namespace fovea
