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
  RowLayer(const std::string& name, const std::string& class_name, std::unique_ptr<Layer> inner, bool sums)
      : Layer(name, class_name), inner_(std::move(inner)), sums_(sums) {}

  Shape infer(std::span<const Shape> in) const override {
    for (const Shape& shape : in) {
      if (shape.rank() != 2) throw Error(where("takes rows (length, channels), its input is " + shape.str()));
    }
    const Shape out = inner_->infer(as_maps(in));
    return out.rank() == 3 ? Shape{out[1], out[2]} : out;
  }
  LayerFormats formats(std::span<const Shape> in) const override { return inner_->formats(as_maps(in)); }
  // A part of the inner layer that is a layer of its own may be on maps as well.
  std::unique_ptr<Layer> take_activation() override {
    std::unique_ptr<Layer> next = inner_->take_activation();
    if (next == nullptr || !is<Convolution>(next->role({}))) return next;
    const std::string name = next->name();
    return std::make_unique<RowLayer>(name, class_name(), std::move(next), sums_);
  }
  // What comes after is the same for a row; padding and strides of maps are not.
  bool absorb(const Role& neighbour) override {
    if (is<Padding>(neighbour) || (is<Sum>(neighbour) && !sums_)) return false;
    return inner_->absorb(neighbour);
  }
  std::unique_ptr<Op> prepare(const PrepareContext& ctx) override {
    PrepareContext map = ctx;
    for (TensorDesc& in : map.in) in.shape = as_map(in.shape);
    map.out.shape = as_map(map.out.shape);
    return inner_->prepare(map);
  }

 private:
  std::unique_ptr<Layer> inner_;
  bool sums_;
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
                                      std::unique_ptr<Layer> inner, bool sums) {
  return std::make_unique<RowLayer>(name, class_name, std::move(inner), sums);
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
