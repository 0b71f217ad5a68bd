// Groups layers that are the same work.
#include "bench/distinct.h"

#include <algorithm>
#include <cmath>

namespace fovea::bench {

namespace {

bool same_work(const LayerReport& a, const LayerReport& b) {
  return a.class_name == b.class_name && a.kernel == b.kernel && a.inputs == b.inputs && a.output == b.output &&
         a.macs == b.macs && a.weight_bytes == b.weight_bytes && a.absorbed.size() == b.absorbed.size();
}

// Positions of a convolution's kernel, 0 for anything else. A layer whose result was thinned out counts the arithmetic
// of the file's layer, more by the square of a stride than its output asks for. Its weights tell: packed, they are
// never fewer than the kernel's.
std::int64_t taps_of(const LayerReport& layer) {
  constexpr std::int64_t kLargestStride = 16;
  if (layer.class_name != "Conv2D" || layer.inputs.empty()) return 0;
  const std::int64_t channels = layer.inputs.front().c();
  const std::int64_t counted = layer.macs / (layer.output.elements() * channels);
  const std::int64_t most = layer.weight_bytes / (std::int64_t{sizeof(float)} * channels * layer.output.c());
  std::int64_t stride = 1;
  while (counted / (stride * stride) > most && stride < kLargestStride) ++stride;
  return counted / (stride * stride);
}

}  // namespace

std::vector<Distinct> distinct_layers(const std::vector<LayerReport>& layers) {
  std::vector<Distinct> rows;
  for (std::size_t i = 0; i < layers.size(); ++i) {
    if (layers[i].class_name == "InputLayer") continue;
    const auto row = std::find_if(rows.begin(), rows.end(), [&](const Distinct& other) {
      return same_work(layers[i], layers[other.layers.front()]);
    });
    if (row != rows.end()) {
      row->layers.push_back(i);
    } else {
      rows.push_back({{i}, kind_of(layers[i])});
    }
  }
  return rows;
}

std::string kind_of(const LayerReport& layer) {
  const std::int64_t taps = taps_of(layer);
  if (taps == 0) return layer.class_name;
  if (layer.kernel.find("winograd") != std::string::npos) return "3x3 Winograd";
  const auto side = static_cast<std::int64_t>(std::lround(std::sqrt(static_cast<double>(taps))));
  if (side * side != taps) return std::to_string(taps) + " taps";
  return std::to_string(side) + "x" + std::to_string(side);
}

Work work_of(const LayerReport& layer, int batch) {
  std::int64_t values = layer.output.elements();
  for (const Shape& input : layer.inputs) values += input.elements();
  return {2.0 * static_cast<double>(layer.macs) * batch,
          static_cast<double>(layer.weight_bytes) + static_cast<double>(values) * sizeof(float) * batch};
}

std::string shapes_text(const LayerReport& layer) {
  const std::size_t others = layer.inputs.empty() ? 0 : layer.inputs.size() - 1;
  return (layer.inputs.empty() ? "" : layer.inputs.front().str()) +
         (others > 0 ? " (+" + std::to_string(others) + ")" : "") + " -> " + layer.output.str();
}

}  // namespace fovea::bench
