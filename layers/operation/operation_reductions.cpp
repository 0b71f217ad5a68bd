// One value of several: along axes, before each other or in windows. Sources: keras/src/ops/{numpy,nn}.py.
#include <cmath>
#include <map>

#include <fovea/error.h>
#include "layers/axes.h"
#include "layers/operation/accumulate.h"
#include "layers/operation/families.h"
#include "layers/pool/reduce.h"

namespace fovea {

namespace {

const std::map<OperationKind, Reduction> kReductions = {{OperationKind::mean, Reduction::mean},
                                                        {OperationKind::sum, Reduction::sum},
                                                        {OperationKind::prod, Reduction::product},
                                                        {OperationKind::max, Reduction::maximum},
                                                        {OperationKind::min, Reduction::minimum},
                                                        {OperationKind::var, Reduction::variance},
                                                        {OperationKind::std, Reduction::deviation},
                                                        {OperationKind::any, Reduction::any},
                                                        {OperationKind::all, Reduction::all},
                                                        {OperationKind::argmax, Reduction::place_of_largest},
                                                        {OperationKind::argmin, Reduction::place_of_smallest},
                                                        {OperationKind::logsumexp, Reduction::log_sum_exp}};

std::unique_ptr<Layer> reduction(const LayerConfig& config, Reduction reduction) {
  require_axis(config);
  if (config.has("initial")) throw UnsupportedError(config.where("attribute 'initial' is not supported"));
  config.find("output_type");  // of places; the values are the same
  return make_reduce(config.name(), config.class_name(), reduction, read_axes(config, "axis", 0),
                     config.boolean("keepdims", false));
}

std::unique_ptr<Layer> accumulation(const LayerConfig& config, bool product) {
  require_axis(config);
  return make_accumulate(config.name(), config.class_name(), product, config.integer("axis", 0),
                         config.boolean("exclusive", false), config.boolean("reverse", false));
}

// [1, h, w, 1] is [h, w], and so is [n] of [n, n].
Attribute without_ends(const LayerConfig& config, const std::string& key) {
  const Attribute& attribute = *config.find(key);
  const auto* list = std::get_if<AttributeList>(&attribute.value());
  if (list == nullptr) return attribute;
  if (list->size() == 1) return list->front();
  if (list->size() != 4) return attribute;
  for (const Attribute* end : {&list->front(), &list->back()}) {
    const auto* size = std::get_if<std::int64_t>(&end->value());
    if (size == nullptr || *size != 1)
      throw UnsupportedError(config.where("pooling over images or channels is not supported"));
  }
  return Attribute::Value(AttributeList{(*list)[1], (*list)[2]});
}

// As the layers with the same settings. TensorFlow counts the batch and the channels and writes in capitals.
std::unique_ptr<Layer> pooling(const LayerConfig& config, const std::string& layer) {
  AttributeMap attributes;
  for (const char* key : {"pool_size", "strides"}) {
    if (config.has(key)) attributes.emplace(key, without_ends(config, key));
  }
  if (config.has("padding")) {
    std::string padding = config.text("padding", "");
    for (char& c : padding) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    attributes["padding"] = Attribute::Value(padding);
  }
  if (config.text("data_format", "NHWC") != "NHWC") copy_attributes(config, {"data_format"}, attributes);
  return as_layer(config, layer, std::move(attributes));
}

// Vectors of length 1. TensorFlow's bound is that of the square, Keras' that of the length.
std::unique_ptr<Layer> normalize(const LayerConfig& config, bool bounds_length) {
  require_axis(config);
  if (config.integer("order", 2) != 2) throw UnsupportedError(config.where("orders other than 2 are not supported"));
  const double epsilon = config.number("epsilon", bounds_length ? 1e-7 : 1e-12);
  AttributeMap attributes;
  attributes["epsilon"] = Attribute::Value(bounds_length ? epsilon : std::sqrt(epsilon));
  copy_attributes(config, {"axis"}, attributes);
  return as_layer(config, "UnitNormalization", std::move(attributes));
}

}  // namespace

std::unique_ptr<Layer> make_reduction_operation(const LayerConfig& config, OperationKind kind) {
  if (const auto found = kReductions.find(kind); found != kReductions.end()) return reduction(config, found->second);
  switch (kind) {
    case OperationKind::cumsum:
      return accumulation(config, false);
    case OperationKind::cumprod:
      return accumulation(config, true);
    case OperationKind::max_pool:
      return pooling(config, "MaxPooling2D");
    case OperationKind::average_pool:
      return pooling(config, "AveragePooling2D");
    case OperationKind::normalize:
      return normalize(config, true);
    case OperationKind::l2_normalize:
      return normalize(config, false);
    default:
      return nullptr;
  }
}

}  // namespace fovea
