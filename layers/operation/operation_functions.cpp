// Activations and casts. Source: keras/src/ops/nn.py.
#include <cmath>
#include <optional>
#include <vector>

#include <fovea/error.h>
#include "layers/axes.h"
#include "layers/elementwise/activation.h"
#include "layers/elementwise/value_function.h"
#include "layers/operation/families.h"

namespace fovea {

namespace {

// Whole numbers as the processor makes them of others: those that do not fit are the least one.
std::unique_ptr<Layer> cast(const LayerConfig& config) {
  const std::string type = config.text("dtype", "float32");
  for (const char* known : {"float16", "bfloat16", "float32", "float64"}) {
    if (type == known) return make_clamp_layer(config, kNoClamp);
  }
  const auto function = [&](ValueFunction f) {
    return make_value_function(config.name(), config.class_name(), f, std::vector<std::optional<Constant>>(1));
  };
  if (type == "bool") return function([](double x, double, double) { return x != 0 ? 1.0 : 0.0; });
  if (type == "int32")
    return function([](double x, double, double) { return std::abs(x) < 0x1p31 ? std::trunc(x) : -0x1p31; });
  if (type == "int64")
    return function([](double x, double, double) { return std::abs(x) < 0x1p63 ? std::trunc(x) : -0x1p63; });
  throw UnsupportedError(config.where("a cast to '" + type + "' is not supported"));
}

std::unique_ptr<Layer> softmax(const LayerConfig& config, bool log) {
  const Attribute* axis = config.find("axis");
  if (axis != nullptr && axis->is_null()) require_axis(config);
  return make_softmax_layer(config.name(), "Softmax", read_axes(config, "axis", -1), log);
}

}  // namespace

std::unique_ptr<Layer> make_function_operation(const LayerConfig& config, OperationKind kind) {
  using Kind = OperationKind;
  switch (kind) {
    case Kind::relu:
    case Kind::relu6:
    case Kind::sigmoid:
    case Kind::tanh:
    case Kind::silu:
    case Kind::softplus:
    case Kind::mish:
    case Kind::hard_sigmoid:
    case Kind::hard_silu:
    case Kind::selu:
    case Kind::hard_tanh:
    case Kind::log_sigmoid:
    case Kind::square:
    case Kind::absolute:
      return as_activation(config, operation_name(kind));
    case Kind::swish:
      return as_activation(config, "silu");
    case Kind::soft_sign:
      return as_activation(config, "softsign");
    case Kind::exp:
      return as_activation(config, "exponential");
    case Kind::abs:
      return as_activation(config, "absolute");
    case Kind::gelu:
      return as_activation(config, config.boolean("approximate", false) ? "gelu_tanh" : "gelu");
    case Kind::softmax:
    case Kind::log_softmax:
      return softmax(config, kind == Kind::log_softmax);
    case Kind::leaky_relu: {
      const char* key = config.has("alpha") ? "alpha" : "negative_slope";
      return as_layer(config, "LeakyReLU", {{"negative_slope", Attribute::Value(config.number(key, 0.2))}});
    }
    case Kind::elu:
      return as_layer(config, "ELU", {{"alpha", Attribute::Value(config.number("alpha", 1))}});
    case Kind::cast:
      return cast(config);
    case Kind::identity:
    case Kind::stop_gradient:
      return make_clamp_layer(config, kNoClamp);
    default:
      return nullptr;
  }
}

}  // namespace fovea
