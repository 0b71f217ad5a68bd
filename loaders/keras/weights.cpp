// Reading of matched weights.
#include "loaders/keras/weights.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>

#include "loaders/hdf5/printable.h"

namespace fovea::keras {
namespace {

using hdf5::printable;

/// Index of the first value that is NaN or infinite. Whole blocks first: a loop without exits runs in vectors.
std::optional<std::int64_t> first_not_finite(const float* values, std::int64_t count) {
  constexpr std::int64_t kBlock = 4096;
  for (std::int64_t begin = 0; begin < count; begin += kBlock) {
    const std::int64_t end = std::min(begin + kBlock, count);
    bool finite = true;
    for (std::int64_t i = begin; i < end; ++i) {
      finite &= std::abs(values[i]) <= std::numeric_limits<float>::max();
    }
    if (finite) continue;
    for (std::int64_t i = begin; i < end; ++i) {
      if (!std::isfinite(values[i])) return i;
    }
  }
  return std::nullopt;
}

/// "3,0,12" for an index into a tensor of this shape.
std::string position(std::int64_t index, const std::vector<std::int64_t>& shape) {
  std::string text;
  for (auto dim = shape.rbegin(); dim != shape.rend(); ++dim) {
    text = std::to_string(index % *dim) + (text.empty() ? "" : "," + text);
    index /= *dim;
  }
  return text;
}

void check_finite(const hdf5::File& file, const ConfigNode& node, const Weight& weight, std::int64_t elements) {
  const auto bad = first_not_finite(weight.data.get(), elements);
  if (!bad) return;
  const bool nan = std::isnan(weight.data[*bad]);
  file.fail("layer '" + printable(node.name) + "' (" + printable(node.class_name) + ")",
            printable(weight.name) + "[" + position(*bad, weight.shape) + "] is " + (nan ? "NaN" : "infinite"));
}

}  // namespace

std::vector<std::vector<Weight>> read_weights(const FileLayers& layers, const hdf5::Group& group,
                                              const Architecture& architecture) {
  const hdf5::File& file = group.file();
  const std::string place = file.path() + (group.place().empty() ? "" : ": " + group.place());
  const auto matched = match_weights(layers.listed, architecture, place);
  std::vector<std::vector<Weight>> weights(matched.size());
  for (std::size_t node = 0; node < matched.size(); ++node) {
    for (const MatchedWeight& match : matched[node]) {
      auto tensor = layers.groups[match.layer].tensor(layers.listed[match.layer].weights[match.weight]);
      Weight weight{match.name, std::move(tensor.shape), std::move(tensor.data)};
      check_finite(file, architecture.nodes[node], weight, tensor.elements);
      weights[node].push_back(std::move(weight));
    }
  }
  return weights;
}

}  // namespace fovea::keras
