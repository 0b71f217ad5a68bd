// LayerScale of keras.applications' ConvNeXt: a factor for each channel. Source: keras/src/applications/convnext.py.
#include "layers/elementwise/value_function.h"
#include "layers/layer.h"
#include "layers/norm/affine.h"

namespace fovea {

namespace {

Weight copied(const std::string& name, const std::vector<float>& values) {
  const auto data = std::make_shared<float[]>(values.size());
  std::copy(values.begin(), values.end(), data.get());
  return {name, {static_cast<std::int64_t>(values.size())}, data};
}

// Waits for the number of channels: it is always specialised.
class Affine final : public Layer {
 public:
  Affine(const std::string& name, const std::string& class_name, float scale, float shift)
      : Layer(name, class_name), scale_(scale), shift_(shift) {}
  Shape infer(std::span<const Shape> in) const override { return only_input(in); }
  std::unique_ptr<Layer> specialise(std::span<const Shape> in) override {
    const std::size_t channels = static_cast<std::size_t>(only_input(in).c());
    if (in[0].is_number()) {
      std::vector<std::optional<Constant>> operands{std::nullopt, Constant{{}, {double{scale_}}},
                                                    Constant{{}, {double{shift_}}}};
      return make_value_function(
          name(), class_name(), [](double x, double scale, double shift) { return x * scale + shift; },
          std::move(operands));
    }
    return make_channel_affine(name(), class_name(), std::vector<float>(channels, scale_),
                               std::vector<float>(channels, shift_));
  }

 private:
  float scale_, shift_;
};

}  // namespace

std::unique_ptr<Layer> make_batch_normalization(const LayerConfig& config);

std::unique_ptr<Layer> make_channel_affine(const std::string& name, const std::string& class_name,
                                           const std::vector<float>& scale, const std::vector<float>& shift) {
  const std::vector<float> zeros(scale.size(), 0.0f), ones(scale.size(), 1.0f);
  return make_batch_normalization(LayerConfig(
      class_name, name, {{"epsilon", Attribute::Value(0.0)}},
      {copied("gamma", scale), copied("beta", shift), copied("moving_mean", zeros), copied("moving_variance", ones)}));
}

std::unique_ptr<Layer> make_affine(const std::string& name, const std::string& class_name, float scale, float shift) {
  return std::make_unique<Affine>(name, class_name, scale, shift);
}

std::unique_ptr<Layer> make_layer_scale(const LayerConfig& config) {
  config.find("init_values");  // replaced by the weight
  const Weight& gamma = config.weight("gamma", {config.integer("projection_dim", kAnySize)});
  const std::vector<float> scale(gamma.data.get(), gamma.data.get() + gamma.elements());
  return make_channel_affine(config.name(), config.class_name(), scale, std::vector<float>(scale.size(), 0.0f));
}

}  // namespace fovea
