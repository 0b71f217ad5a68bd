// Random weights for the layers of the built-in architectures.
#include "bench/random_model.h"

#include <cmath>
#include <map>
#include <random>
#include <utility>
#include <vector>

#include <fovea/error.h>
#include "loaders/keras/classes/builtin.h"

namespace fovea::bench {

namespace {

class Weights {
 public:
  /// Uniform around zero, with the variance that keeps that of activations through a ReLU (He).
  Weight kernel(std::vector<std::int64_t> shape, std::int64_t fan_in) {
    const float limit = std::sqrt(6.0f / static_cast<float>(fan_in));
    return make("kernel", std::move(shape), -limit, limit);
  }
  Weight constant(const char* name, std::int64_t size, float value) { return make(name, {size}, value, value); }

 private:
  Weight make(const char* name, std::vector<std::int64_t> shape, float from, float to) {
    Weight weight{name, std::move(shape), nullptr};
    auto data = std::make_shared<float[]>(static_cast<std::size_t>(weight.elements()));
    const float step = (to - from) / static_cast<float>(std::minstd_rand::max());
    for (std::int64_t i = 0; i < weight.elements(); ++i) data[i] = from + step * static_cast<float>(random_());
    weight.data = std::move(data);
    return weight;
  }

  std::minstd_rand random_{1};
};

// The weights of a layer that reads `in` channels; changes `in` to what it writes.
std::vector<Weight> weights_of(const LayerConfig& config, std::int64_t& in, Weights& weights) {
  const std::string& name = config.class_name();
  if (name == "Conv2D") {
    const auto [kh, kw] = config.pair("kernel_size", 1);
    const std::int64_t out = config.integer("filters", 0);
    Weight kernel = weights.kernel({kh, kw, in, out}, kh * kw * in);
    in = out;
    return {std::move(kernel), weights.constant("bias", out, 0)};
  }
  if (name == "Dense") {
    const std::int64_t out = config.integer("units", 0);
    Weight kernel = weights.kernel({in, out}, in);
    in = out;
    return {std::move(kernel), weights.constant("bias", out, 0)};
  }
  if (name == "BatchNormalization") {
    return {weights.constant("gamma", in, 1), weights.constant("beta", in, 0), weights.constant("moving_mean", in, 0),
            weights.constant("moving_variance", in, 1)};
  }
  return {};
}

}  // namespace

ModelDesc random_model(const std::string& architecture) {
  constexpr std::int64_t kColours = 3;
  // Today's layer names of keras.applications.
  const keras::Architecture built =
      keras::builtin_architecture(architecture, {"conv2_block1_1_conv"}, "--architecture");
  ModelDesc desc;
  desc.name = architecture;
  desc.inputs = built.inputs;
  desc.outputs = built.outputs;
  desc.provenance.format = "random weights";
  Weights weights;
  std::map<std::string, std::int64_t> channels;  // what each layer writes; layers come after what they read
  for (const keras::ConfigNode& node : built.nodes) {
    std::int64_t width = node.inputs.empty() ? kColours : channels.at(node.inputs.front());
    const LayerConfig config(node.class_name, node.name, node.attributes, {});
    std::vector<Weight> own = weights_of(config, width, weights);
    channels[node.name] = width;
    desc.nodes.push_back({LayerConfig(node.class_name, node.name, node.attributes, std::move(own)), node.inputs});
  }
  return desc;
}

}  // namespace fovea::bench
