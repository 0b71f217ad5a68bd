// Quantised: keras/src/dtype_policies/dtype_policy.py. LoRA: keras/src/layers/core/dense.py.
#include "loaders/keras/config/settings.h"

#include <string_view>

#include <fovea/error.h>
#include "loaders/keras/json/access.h"
#include "loaders/printable.h"

namespace fovea::keras {
namespace {

const std::string* text_at_or_null(const AttributeMap& object, const char* key) {
  const Attribute* value = find(object, key);
  return value == nullptr ? nullptr : as<std::string>(*value);
}

/// "int8", "int4", "float8", ... of a policy that quantises; "" of others.
std::string quantisation(const Attribute* dtype) {
  if (dtype == nullptr) return "";
  const auto* policy = as<AttributeMap>(*dtype);
  const Attribute* config = policy == nullptr ? nullptr : find(*policy, "config");
  const auto* settings = config == nullptr ? nullptr : as<AttributeMap>(*config);
  const std::string* mode = settings == nullptr ? nullptr : text_at_or_null(*settings, "mode");
  if (mode != nullptr) return *mode;
  const std::string* name = settings == nullptr ? as<std::string>(*dtype) : text_at_or_null(*settings, "name");
  constexpr std::string_view kFrom = "_from_";  // "int8_from_float32"
  const std::size_t from = name == nullptr ? std::string::npos : name->find(kFrom);
  return from == std::string::npos ? "" : name->substr(0, from);
}

/// Why the layer cannot be read; "" if it can, as far as this goes.
std::string reason(const ConfigNode& node) {
  if (const std::string mode = quantisation(find(node.attributes, "dtype")); !mode.empty()) {
    return "is quantised (" + printable(mode) + "), which is not supported: give the model as it was before quantize()";
  }
  if (find(node.attributes, "quantization_config") != nullptr)
    return "is quantised, which is not supported: give the model as it was before quantize()";
  if (find(node.attributes, "lora_rank") != nullptr) {
    return "was trained with LoRA, whose matrices are not supported: put the merged kernel into a layer without " +
           std::string("lora_rank and save the model again");
  }
  if (find(node.attributes, "virtual_batch_size") != nullptr) return "virtual_batch_size is not supported";
  for (const char* key : {"renorm", "rms_scaling"}) {
    if (flag_at(node.attributes, key, false)) return std::string(key) + " = true is not supported";
  }
  return "";
}

}  // namespace

void check_settings(const Architecture& architecture, const std::string& place) {
  for (const ConfigNode& node : architecture.nodes) {
    const std::string why = reason(node);
    if (why.empty()) continue;
    throw UnsupportedError(place + ": layer '" + printable(node.name) + "' (" + printable(node.class_name) +
                           "): " + why);
  }
}

}  // namespace fovea::keras
