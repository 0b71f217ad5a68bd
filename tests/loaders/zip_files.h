// `.keras` archives, from the small model of keras_models.h.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "tests/loaders/keras/models.h"
#include "tests/support/zip_writer.h"

namespace fovea::keras_test {

using test::Members;

inline void write_zip(const std::string& path, const Members& members, test::Packing packing = test::Packing::stored) {
  std::ofstream(path, std::ios::binary) << test::zip_of(members, packing);
}

/// The small model's weights as Keras 3 saves them; the values are those of write_weights.
inline void write_small_state(const std::string& path, bool named = true) {
  const H5Writer writer(path);
  int tensor = 0;
  const auto layers = parse_layers(
      "conv2d conv=3x3x3x4 conv=4\n"
      "batch_normalization norm=4 norm=4 norm=4 norm=4\n"
      "re_lu\n"
      "flatten\n"
      "dense dense=144x2 dense=2\n");
  const std::vector<std::string> names{"conv", "norm", "relu", "flat", "dense"};
  for (std::size_t i = 0; i < layers.size(); ++i) {
    const std::string variables = "layers/" + layers[i].name + "/vars";
    writer.group(variables);
    if (named) writer.text(variables, "name", names[i]);
    for (std::size_t v = 0; v < layers[i].weights.size(); ++v) {
      const auto& shape = layers[i].weights[v].shape;
      writer.floats(variables + "/" + std::to_string(v), shape, values_of(++tensor, shape));
    }
  }
  writer.group("vars");
  writer.floats("optimizer/vars/0", {1}, {0});
}

/// What is in the small model's archive, the weights last.
inline Members small_members(const std::string& weights) {
  return {{"metadata.json", R"({"keras_version": "3.14.1", "date_saved": "2031-05-04@09:08:07"})"},
          {"config.json", kSmallConfig},
          {"model.weights.h5", weights}};
}

inline void write_small_archive(const Folder& folder, const std::string& path) {
  const std::string weights = folder.path("inside.weights.h5");
  write_small_state(weights);
  write_zip(path, small_members(read_bytes(weights)));
}

}  // namespace fovea::keras_test
