// A small Keras model as a legacy .h5, to be damaged by tests: Conv2D, BatchNormalization, ReLU, Flatten, Dense.
#pragma once

#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "tests/loaders/keras/files.h"

namespace fovea::keras_test {

/// One tensor of a layer: path within the layer's group, shape.
struct Stored {
  std::string path;
  std::vector<hsize_t> shape;
};

/// One group of weights.
struct Layer {
  std::string name;
  std::vector<Stored> weights;
};

/// Values that differ for every tensor and element: tensor number + element / 1024.
inline std::vector<float> values_of(int tensor, const std::vector<hsize_t>& shape) {
  hsize_t count = 1;
  for (const hsize_t dim : shape) count *= dim;
  std::vector<float> values;
  for (hsize_t i = 0; i < count; ++i) values.push_back(static_cast<float>(tensor) + static_cast<float>(i) / 1024);
  return values;
}

/// Writes `layers` as Keras writes model.layers; the tensors are numbered from 1 in this order.
inline void write_weights(const H5Writer& writer, const std::string& group, const std::vector<Layer>& layers,
                          Text form = Text::fixed_null_padded, const std::string& version = "2.4.0") {
  std::vector<std::string> names;
  int tensor = 0;
  const std::string prefix = group == "/" ? "" : group + "/";
  for (const Layer& layer : layers) {
    names.push_back(layer.name);
    std::vector<std::string> weight_names;
    for (const Stored& weight : layer.weights) {
      weight_names.push_back(weight.path);
      writer.floats(prefix + layer.name + "/" + weight.path, weight.shape, values_of(++tensor, weight.shape));
    }
    if (weight_names.empty()) {
      writer.no_texts(prefix + layer.name, "weight_names");
    } else {
      writer.texts(prefix + layer.name, "weight_names", weight_names, form);
    }
  }
  writer.texts(group, "layer_names", names, form);
  writer.text(group, "backend", "tensorflow");
  if (!version.empty()) writer.text(group, "keras_version", version);
}

/// One layer a line: its name, then its tensors as "path=3x3x3x4".
inline std::vector<Layer> parse_layers(const std::string& lines) {
  std::vector<Layer> layers;
  std::istringstream in(lines);
  for (std::string line; std::getline(in, line);) {
    std::istringstream words(line);
    Layer layer;
    words >> layer.name;
    for (std::string word; words >> word;) {
      Stored weight;
      weight.path = word.substr(0, word.find('='));
      std::istringstream shape(word.substr(word.find('=') + 1));
      for (std::string dim; std::getline(shape, dim, 'x');) weight.shape.push_back(std::stoull(dim));
      layer.weights.push_back(weight);
    }
    layers.push_back(layer);
  }
  return layers;
}

inline std::vector<Layer> small_layers() {
  return parse_layers(
      "conv conv/kernel:0=3x3x3x4 conv/bias:0=4\n"
      "norm norm/gamma:0=4 norm/beta:0=4 norm/moving_mean:0=4 norm/moving_variance:0=4\n"
      "relu\n"
      "flat\n"
      "dense dense/kernel:0=144x2 dense/bias:0=2\n");
}

inline const char* const kSmallConfig = R"({"class_name": "Sequential", "config": {"name": "small", "layers": [
  {"class_name": "InputLayer", "config": {"batch_input_shape": [null, 8, 8, 3], "dtype": "float32", "name": "in"}},
  {"class_name": "Conv2D", "config": {"name": "conv", "filters": 4, "kernel_size": [3, 3], "use_bias": true}},
  {"class_name": "BatchNormalization", "config": {"name": "norm", "epsilon": 0.001, "center": true, "scale": true}},
  {"class_name": "ReLU", "config": {"name": "relu", "max_value": null}},
  {"class_name": "Flatten", "config": {"name": "flat"}},
  {"class_name": "Dense", "config": {"name": "dense", "units": 2, "activation": "softmax"}}]}})";

/// Writes the attributes of a full model.
inline void write_config(const H5Writer& writer, const std::string& config, const std::string& version = "2.4.0") {
  writer.text("/", "model_config", config);
  if (!version.empty()) writer.text("/", "keras_version", version);
}

/// A whole small model.
inline void write_small_model(const std::string& path) {
  const H5Writer writer(path);
  write_config(writer, kSmallConfig);
  write_weights(writer, "model_weights", small_layers());
}

}  // namespace fovea::keras_test
