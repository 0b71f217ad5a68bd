// Keras Activation, and activations as attributes. Sources: keras/src/layers/activations/activation.py,
// keras/src/activations/activations.py.
#include "layers/elementwise/activation.h"

#include <string_view>

#include <fovea/error.h>
#include "layers/registry.h"

namespace fovea {

namespace {

struct NamedCurve {
  std::string_view name;
  ActivateArgs activate;
};
// As an attribute has no parameters these are Keras' defaults. Keras 2 meant another function by hard_sigmoid; the
// loader gives it the second name.
constexpr NamedCurve kCurves[] = {
    {"leaky_relu", {Curve::relu, 0.0f, 0.2f}},
    {"elu", {Curve::elu, 1.0f, 1.0f, 1.0f}},
    {"celu", {Curve::elu, 1.0f, 1.0f, 1.0f}},
    {"selu", {Curve::elu, 1.05070099f, 1.75809934f, 1.0f}},
    {"swish", {Curve::swish}},
    {"silu", {Curve::swish}},
    {"hard_swish", {Curve::hard_swish}},
    {"hard_silu", {Curve::hard_swish}},
    {"tanh", {Curve::tanh}},
    {"mish", {Curve::mish}},
    {"softplus", {Curve::softplus}},
    {"softsign", {Curve::softsign}},
    {"exponential", {Curve::exponential}},
    {"gelu", {Curve::gelu}},
    {"gelu_tanh", {Curve::gelu_tanh}},
    {"hard_sigmoid", {Curve::hard_sigmoid, 1.0f / 6, 0.5f}},
    {"hard_sigmoid_keras_2", {Curve::hard_sigmoid, 0.2f, 0.5f}},
    {"log_sigmoid", {Curve::log_sigmoid}},
    {"square", {Curve::square}},
    {"absolute", {Curve::absolute}},
};

// Name of the activation: a plain string, or Keras 3's {"class_name": "relu", "config": ...} and
// {"class_name": "function", "config": "relu"}.
std::string activation_name(const LayerConfig& config) {
  const Attribute* attribute = config.find("activation");
  if (attribute == nullptr || attribute->is_null()) return "linear";
  if (const auto* name = std::get_if<std::string>(&attribute->value())) return *name;
  if (const auto* map = std::get_if<AttributeMap>(&attribute->value())) {
    for (const char* key : {"config", "class_name"}) {
      const auto found = map->find(key);
      if (found == map->end()) continue;
      if (const auto* name = std::get_if<std::string>(&found->second.value())) return *name;
    }
  }
  throw Error(config.where("attribute 'activation' is not the name of an activation"));
}

// A layer as an activation, which Keras allows: {"class_name": "LeakyReLU", "config": {...}}, or in Keras 2 its class
// alone, which then has its defaults. Nothing for functions.
std::unique_ptr<Layer> layer_as_activation(const LayerConfig& config) {
  const Attribute* attribute = config.find("activation");
  if (attribute == nullptr) return nullptr;
  const AttributeMap defaults;
  const auto* class_name = std::get_if<std::string>(&attribute->value());
  const auto* own = &defaults;
  if (const auto* object = std::get_if<AttributeMap>(&attribute->value())) {
    if (object->count("config") == 0 || object->count("class_name") == 0) return nullptr;
    class_name = std::get_if<std::string>(&object->at("class_name").value());
    own = std::get_if<AttributeMap>(&object->at("config").value());
  }
  if (class_name == nullptr || own == nullptr) return nullptr;
  for (const char* kind : {"ELU", "LeakyReLU", "ReLU", "Softmax", "ThresholdedReLU"}) {
    if (*class_name == kind) return make_layer(LayerConfig(*class_name, config.name() + "/" + kind, *own, {}));
  }
  return nullptr;
}

}  // namespace

ActivationChoice read_activation(const LayerConfig& config) {
  if (auto layer = layer_as_activation(config)) {
    const Role role = layer->role({});
    const auto* clamp = std::get_if<Clamp>(&role);
    return clamp != nullptr ? ActivationChoice{*clamp, nullptr} : ActivationChoice{kNoClamp, std::move(layer)};
  }
  const std::string activation = activation_name(config);
  const std::string name = config.name() + "/" + activation;
  if (activation == "linear") return {};
  if (activation == "relu") return {{0.0f, kNoClamp.hi}, nullptr};
  if (activation == "relu6") return {{0.0f, 6.0f}, nullptr};
  if (activation == "hard_tanh") return {{-1.0f, 1.0f}, nullptr};
  if (activation == "softmax" || activation == "log_softmax")
    return {kNoClamp, make_softmax_layer(name, "Softmax", {-1}, activation == "log_softmax")};
  if (activation == "sigmoid") return {kNoClamp, make_sigmoid_layer(name, "Sigmoid")};
  for (const NamedCurve& curve : kCurves) {
    if (activation == curve.name) return {kNoClamp, make_curve_layer(name, "Activation", curve.activate)};
  }
  throw UnsupportedError(config.where("activation '" + activation + "' is not supported"));
}

std::unique_ptr<Layer> make_activation(const LayerConfig& config) {
  ActivationChoice choice = read_activation(config);
  return choice.layer ? std::move(choice.layer) : make_clamp_layer(config, choice.clamp);
}

}  // namespace fovea
