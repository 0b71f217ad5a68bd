// Conversion of kernels, once at load.
#include "loaders/keras/weights/kernels.h"

#include <array>
#include <memory>

#include "loaders/keras/json/access.h"

namespace fovea::keras {
namespace {

/// For each dimension of a kernel that of the stored one.
using Order = std::array<std::size_t, 4>;
constexpr Order kSame{0, 1, 2, 3};

Order order_of(const KernelForm& form, const ConfigNode& node, const std::vector<std::int64_t>& shape) {
  if (!form.keras_1) return kSame;
  if (node.class_name == "Conv1D") {
    // {length, 1, channels, filters}, before Keras 1.2 {filters, channels, length, 1}.
    const Attribute* size = find(node.attributes, "kernel_size");
    const auto* length = size == nullptr ? nullptr : as<std::int64_t>(*size);
    const bool later = length != nullptr && shape[0] == *length && shape[1] == 1;
    return later || shape[3] != 1 ? kSame : Order{2, 3, 1, 0};
  }
  // {filters, channels, height, width}.
  if (node.class_name == "Conv2D") return form.channels_first ? Order{2, 3, 1, 0} : kSame;
  // Transposed, {height, width, channels, filters} of the convolution that Keras 2 means the other way round.
  if (node.class_name == "Conv2DTranspose") return form.channels_first ? Order{2, 3, 0, 1} : Order{0, 1, 3, 2};
  return kSame;
}

Weight converted(const Weight& weight, const Order& order, bool flip) {
  std::array<std::int64_t, 4> dims{}, strides{};
  std::int64_t stride = 1;
  for (std::size_t from = 4; from-- > 0; stride *= weight.shape[from]) {
    for (std::size_t to = 0; to < 4; ++to) {
      if (order[to] != from) continue;
      dims[to] = weight.shape[from];
      strides[to] = stride;
    }
  }
  const auto data = std::make_shared<float[]>(static_cast<std::size_t>(weight.elements()));
  float* to = data.get();
  for (std::int64_t y = 0; y < dims[0]; ++y) {
    for (std::int64_t x = 0; x < dims[1]; ++x) {
      const std::int64_t from_y = flip ? dims[0] - 1 - y : y, from_x = flip ? dims[1] - 1 - x : x;
      const float* from = weight.data.get() + from_y * strides[0] + from_x * strides[1];
      for (std::int64_t i = 0; i < dims[2]; ++i) {
        for (std::int64_t o = 0; o < dims[3]; ++o) *to++ = from[i * strides[2] + o * strides[3]];
      }
    }
  }
  return {weight.name, {dims.begin(), dims.end()}, data};
}

}  // namespace

void convert_kernels(const KernelForm& form, const Architecture& architecture,
                     std::vector<std::vector<Weight>>& weights) {
  for (std::size_t i = 0; i < weights.size(); ++i) {
    const ConfigNode& node = architecture.nodes[i];
    for (Weight& weight : weights[i]) {
      if (weight.name != "kernel") continue;
      // Of a row, which Keras 1 stores with a width of 1.
      if (node.class_name == "Conv1D" && weight.shape.size() == 3) weight.shape.insert(weight.shape.begin() + 1, 1);
      if (weight.shape.size() != 4) continue;
      const Order order = order_of(form, node, weight.shape);
      if (order != kSame || form.theano) weight = converted(weight, order, form.theano);
      if (node.class_name == "Conv1D" && weight.shape[1] == 1) weight.shape.erase(weight.shape.begin() + 1);
    }
  }
}

}  // namespace fovea::keras
