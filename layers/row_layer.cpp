// Keras' 1D layers: the 2D layer of the same name with windows of one row. Sources: keras/src/layers/pooling/,
// keras/src/layers/reshaping/.
#include "layers/row_layer.h"

#include <algorithm>

#include <fovea/error.h>
#include "layers/registry.h"

namespace fovea {

namespace {

Shape as_map(const Shape& row) { return row.rank() == 2 ? Shape{1, row[0], row[1]} : row; }

std::vector<Shape> as_maps(std::span<const Shape> rows) {
  std::vector<Shape> maps;
  for (const Shape& row : rows) maps.push_back(as_map(row));
  return maps;
}

class RowLayer final : public Layer {
 public:
  RowLayer(const std::string& name, const std::string& class_name, std::unique_ptr<Layer> inner)
      : Layer(name, class_name), inner_(std::move(inner)) {}

  Shape infer(std::span<const Shape> in) const override {
    for (const Shape& shape : in) {
      if (shape.rank() != 2) throw Error(where("takes rows (length, channels), its input is " + shape.str()));
    }
    const Shape out = inner_->infer(as_maps(in));
    return out.rank() == 3 ? Shape{out[1], out[2]} : out;
  }
  Layout input_layout(std::span<const Shape> in) const override { return inner_->input_layout(as_maps(in)); }
  Layout output_layout() const override { return inner_->output_layout(); }
  void prepare(const PrepareContext& ctx) override {
    PrepareContext map = ctx;
    for (TensorDesc& in : map.in) in.shape = as_map(in.shape);
    map.out.shape = as_map(map.out.shape);
    inner_->prepare(map);
  }
  std::int64_t scratch_floats() const override { return inner_->scratch_floats(); }
  std::int64_t shared_scratch_floats() const override { return inner_->shared_scratch_floats(); }
  std::int64_t macs() const override { return inner_->macs(); }
  std::string kernel_name() const override { return inner_->kernel_name(); }
  std::int64_t weight_bytes() const override { return inner_->weight_bytes(); }
  bool fuse_clamp(Clamp clamp) override { return inner_->fuse_clamp(clamp); }
  bool fuse_affine(const ChannelAffine& affine) override { return inner_->fuse_affine(affine); }
  void run(const RunContext& ctx) const noexcept override { inner_->run(ctx); }

 private:
  std::unique_ptr<Layer> inner_;
};

// The one number of an attribute that may be a list of one.
Attribute only(const LayerConfig& config, const Attribute& value) {
  const auto* list = std::get_if<AttributeList>(&value.value());
  if (list == nullptr) return value;
  if (list->size() != 1) throw Error(config.where("an attribute of one dimension has " + std::to_string(list->size())));
  return list->front();
}

Attribute number(std::int64_t value) { return Attribute::Value(value); }

Attribute pair(Attribute first, Attribute second) {
  AttributeList list;
  list.push_back(std::move(first));
  list.push_back(std::move(second));
  return Attribute::Value(std::move(list));
}

// The layer `kind` with these attributes, those of windows given for the columns.
std::unique_ptr<Layer> on_rows(const LayerConfig& config, const std::string& kind,
                               std::initializer_list<const char*> windows, std::initializer_list<const char*> others) {
  AttributeMap attributes;
  for (const char* key : others) {
    if (config.has(key)) attributes.insert_or_assign(key, *config.find(key));
  }
  for (const char* key : windows) {
    if (config.has(key)) attributes.insert_or_assign(key, pair(number(1), only(config, *config.find(key))));
  }
  return make_row_layer(config.name(), config.class_name(),
                        make_layer(LayerConfig(kind, config.name(), std::move(attributes), {})));
}

std::unique_ptr<Layer> pooling(const LayerConfig& config, const std::string& kind) {
  if (!config.has("pool_size")) throw Error(config.where("attribute 'pool_size' is missing"));
  return on_rows(config, kind, {"pool_size", "strides"}, {"padding", "data_format"});
}

// Padding or cropping: a number, or a pair for both ends.
std::unique_ptr<Layer> ends(const LayerConfig& config, const std::string& kind, const char* key) {
  const auto [before, after] = config.pair(key, 1);
  AttributeMap attributes;
  attributes.insert_or_assign(key, pair(pair(number(0), number(0)), pair(number(before), number(after))));
  if (config.has("data_format")) attributes.insert_or_assign("data_format", *config.find("data_format"));
  return make_row_layer(config.name(), config.class_name(),
                        make_layer(LayerConfig(kind, config.name(), std::move(attributes), {})));
}

}  // namespace

std::unique_ptr<Layer> make_row_layer(const std::string& name, const std::string& class_name,
                                      std::unique_ptr<Layer> inner) {
  return std::make_unique<RowLayer>(name, class_name, std::move(inner));
}

std::unique_ptr<Layer> make_max_pooling_1d(const LayerConfig& config) { return pooling(config, "MaxPooling2D"); }
std::unique_ptr<Layer> make_average_pooling_1d(const LayerConfig& config) {
  return pooling(config, "AveragePooling2D");
}
std::unique_ptr<Layer> make_global_max_pooling_1d(const LayerConfig& config) {
  return on_rows(config, "GlobalMaxPooling2D", {}, {"keepdims", "data_format"});
}
std::unique_ptr<Layer> make_global_average_pooling_1d(const LayerConfig& config) {
  return on_rows(config, "GlobalAveragePooling2D", {}, {"keepdims", "data_format"});
}
std::unique_ptr<Layer> make_zero_padding_1d(const LayerConfig& config) {
  return ends(config, "ZeroPadding2D", "padding");
}
std::unique_ptr<Layer> make_cropping_1d(const LayerConfig& config) { return ends(config, "Cropping2D", "cropping"); }
std::unique_ptr<Layer> make_up_sampling_1d(const LayerConfig& config) {
  return on_rows(config, "UpSampling2D", {"size"}, {});
}

}  // namespace fovea
