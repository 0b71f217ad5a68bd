// Keras Normalization: (x - mean) / max(sqrt(variance), 1e-7), from its weights or, where they are given, its
// attributes. Source: keras/src/layers/preprocessing/normalization.py.
#include <algorithm>
#include <cmath>

#include "layers/error.h"
#include "layers/scale_shift.h"

namespace fovea {

namespace {

constexpr double kSmallest = 1e-7;  // keras.config.epsilon()

void require_last_axis(const LayerConfig& config) {
  const Attribute* attribute = config.find("axis");
  if (attribute == nullptr) return;
  const Attribute::Value* value = &attribute->value();
  if (const auto* list = std::get_if<AttributeList>(value); list != nullptr && list->size() == 1)
    value = &(*list)[0].value();
  // 3 is the channels of a feature map, counted with the batch.
  const auto* axis = std::get_if<std::int64_t>(value);
  if (axis == nullptr || (*axis != -1 && *axis != 3))
    throw UnsupportedError(config.where("normalisation over axes other than the last is not supported"));
}

std::vector<double> statistics(const LayerConfig& config, const char* name) {
  std::vector<double> values = read_numbers(config, name);
  if (!values.empty()) return values;
  const Weight& weight = config.weight(name, {kAnySize});
  return {weight.data.get(), weight.data.get() + weight.elements()};
}

}  // namespace

std::unique_ptr<Layer> make_normalization(const LayerConfig& config) {
  require_last_axis(config);
  const bool invert = config.boolean("invert", false);
  if (config.has_weight("count")) config.weight("count", {});
  const std::vector<double> mean = statistics(config, "mean"), variance = statistics(config, "variance");
  if (mean.size() != variance.size()) throw Error(config.where("mean and variance are of different lengths"));
  std::vector<double> scale, shift;
  for (std::size_t c = 0; c < mean.size(); ++c) {
    if (!(variance[c] >= 0)) throw Error(config.where("variance " + std::to_string(c) + " is negative"));
    const double deviation = std::max(std::sqrt(variance[c]), kSmallest);
    scale.push_back(invert ? deviation : 1 / deviation);
    shift.push_back(invert ? mean[c] : -mean[c] / deviation);
  }
  return make_scale_shift(config, std::move(scale), std::move(shift));
}

}  // namespace fovea
