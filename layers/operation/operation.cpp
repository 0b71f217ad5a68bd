// Operations of Keras 3 and TensorFlow that stand in a model beside its layers (`x * 2`, `ops.relu(x)`): each is the
// layer that computes the same.
#include <fovea/error.h>
#include "layers/operation/families.h"
#include "layers/registry.h"

namespace fovea {

std::unique_ptr<Layer> as_layer(const LayerConfig& config, const std::string& class_name, AttributeMap attributes) {
  return make_layer(LayerConfig(class_name, config.name(), std::move(attributes), {}));
}

std::unique_ptr<Layer> as_activation(const LayerConfig& config, const std::string& function) {
  return as_layer(config, "Activation", {{"activation", Attribute::Value(function)}});
}

void require_axis(const LayerConfig& config) {
  if (config.has("axis")) return;
  throw UnsupportedError(config.where(config.text(operation_key::kKind, "") + " over the batch is not supported"));
}

std::unique_ptr<Layer> make_operation(const LayerConfig& config) {
  const std::string name = config.text(operation_key::kKind, ""), type = config.text("dtype", "");
  const OperationKind kind = operation_kind(name);
  // Of what gives whole numbers the type says which, and a cast looks itself.
  const bool typed = kind == OperationKind::cast || kind == OperationKind::argmax || kind == OperationKind::argmin;
  if (!typed && !type.empty() && type.find("float") == std::string::npos)
    throw UnsupportedError(config.where("the type '" + type + "' is not supported"));
  if (config.has(operation_key::kConstant)) return make_constant_operation(config, kind);
  for (const auto make : {make_arithmetic_operation, make_function_operation, make_reduction_operation,
                          make_shape_operation, make_view_operation, make_place_operation, make_value_operation}) {
    if (auto layer = make(config, kind)) return layer;
  }
  throw UnsupportedError(config.where("the operation '" + name + "' is not supported"));
}

}  // namespace fovea
