// Keras Normalization: (x - mean) / max(sqrt(variance), 1e-7), from its weights or, where they are given, its
// attributes. Source: keras/src/layers/preprocessing/normalization.py.
#include <algorithm>
#include <cmath>

#include <fovea/error.h>
#include "layers/axes.h"
#include "layers/layer.h"
#include "layers/norm/map_affine.h"
#include "layers/norm/scale_shift.h"

namespace fovea {

namespace {

constexpr double kSmallest = 1e-7;  // keras.config.epsilon()

std::vector<double> statistics(const LayerConfig& config, const char* name) {
  std::vector<double> values = read_numbers(config, name);
  if (!values.empty()) return values;
  for (const Weight& weight : config.weights()) {
    if (weight.name != name) continue;
    config.weight(name, weight.shape);
    return {weight.data.get(), weight.data.get() + weight.elements()};
  }
  throw Error(config.where(std::string("weight '") + name + "' is missing"));
}

// Statistics along other axes than the last, and one for each value. It is always specialised.
class AxesNormalization final : public Layer {
 public:
  AxesNormalization(const LayerConfig& config, std::vector<std::int64_t> axes, ChannelAffine affine,
                    std::unique_ptr<Layer> along_the_last)
      : Layer(config), axes_(std::move(axes)), affine_(std::move(affine)), last_(std::move(along_the_last)) {}

  std::unique_ptr<Layer> specialise(std::span<const Shape> in) override {
    if (in.size() != 1) return nullptr;
    if (only_last_axis(axes_, in[0].rank(), name(), class_name())) return std::move(last_);
    const std::vector<bool> marked = marked_axes(axes_, in[0].rank(), name(), class_name());
    return make_affine_along(name(), class_name(), affine_, in[0], marked);
  }
  Shape infer(std::span<const Shape> in) const override {
    const std::string count = std::to_string(affine_.scale.size());
    throw Error(where("has " + count + " values, its input is " + only_input(in).str()));
  }

 private:
  std::vector<std::int64_t> axes_;
  ChannelAffine affine_;
  std::unique_ptr<Layer> last_;
};

}  // namespace

std::unique_ptr<Layer> make_normalization(const LayerConfig& config) {
  // Keras' default is the last axis; null and no axes are one pair for all.
  const Attribute* axis = config.find("axis");
  const auto* axes = axis == nullptr ? nullptr : std::get_if<AttributeList>(&axis->value());
  const bool for_all = axis != nullptr && (axis->is_null() || (axes != nullptr && axes->empty()));
  const bool invert = config.boolean("invert", false);
  if (config.has_weight("count")) config.weight("count", {});
  const std::vector<double> mean = statistics(config, "mean"), variance = statistics(config, "variance");
  if (mean.size() != variance.size()) throw Error(config.where("mean and variance are of different lengths"));
  if (for_all && mean.size() != 1) throw Error(config.where("mean has values for an axis, axis is null"));
  ChannelAffine affine;
  for (std::size_t c = 0; c < mean.size(); ++c) {
    if (!(variance[c] >= 0)) throw Error(config.where("variance " + std::to_string(c) + " is negative"));
    const double deviation = std::max(std::sqrt(variance[c]), kSmallest);
    affine.scale.push_back(invert ? deviation : 1 / deviation);
    affine.shift.push_back(invert ? mean[c] : -mean[c] / deviation);
  }
  std::unique_ptr<Layer> layer = make_scale_shift(config, affine.scale, affine.shift);
  if (for_all) return layer;
  return std::make_unique<AxesNormalization>(config, read_axes(config, "axis", -1), std::move(affine),
                                             std::move(layer));
}

}  // namespace fovea
