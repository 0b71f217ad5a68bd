// Conversion of kernels, once at load.
#include "loaders/keras/kernels.h"

#include <memory>

namespace fovea::keras {
namespace {

Weight converted(const Weight& weight, bool transpose, bool flip) {
  const auto& shape = weight.shape;
  const std::int64_t h = shape[transpose ? 2 : 0], w = shape[transpose ? 3 : 1];
  const std::int64_t in = shape[transpose ? 1 : 2], out = shape[transpose ? 0 : 3];
  const auto data = std::make_shared<float[]>(static_cast<std::size_t>(weight.elements()));
  for (std::int64_t y = 0; y < h; ++y) {
    for (std::int64_t x = 0; x < w; ++x) {
      const std::int64_t from_y = flip ? h - 1 - y : y, from_x = flip ? w - 1 - x : x;
      for (std::int64_t i = 0; i < in; ++i) {
        for (std::int64_t o = 0; o < out; ++o) {
          const std::int64_t from =
              transpose ? ((o * in + i) * h + from_y) * w + from_x : ((from_y * w + from_x) * in + i) * out + o;
          data[((y * w + x) * in + i) * out + o] = weight.data[from];
        }
      }
    }
  }
  return {weight.name, {h, w, in, out}, data};
}

}  // namespace

void convert_kernels(std::vector<std::vector<Weight>>& weights, bool transpose, bool flip) {
  for (auto& node : weights) {
    for (Weight& weight : node) {
      if (weight.name == "kernel" && weight.shape.size() == 4) weight = converted(weight, transpose, flip);
    }
  }
}

void drop_width_of_rows(const Architecture& architecture, std::vector<std::vector<Weight>>& weights) {
  for (std::size_t i = 0; i < weights.size(); ++i) {
    if (architecture.nodes[i].class_name != "Conv1D") continue;
    for (Weight& weight : weights[i]) {
      std::vector<std::int64_t>& shape = weight.shape;
      if (weight.name == "kernel" && shape.size() == 4 && shape[1] == 1) shape.erase(shape.begin() + 1);
    }
  }
}

}  // namespace fovea::keras
