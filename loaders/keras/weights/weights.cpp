// Reading of matched weights.
#include "loaders/keras/weights/weights.h"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <limits>
#include <optional>

#include "base/load_scope.h"
#include "base/thread_team.h"
#include "layers/registry.h"
#include "loaders/printable.h"

namespace fovea::keras {
namespace {

/// Index of the first value that is NaN or infinite. Whole blocks first: a loop without exits runs in vectors.
std::optional<std::int64_t> first_not_finite(const float* values, std::int64_t count) {
  constexpr std::int64_t kAtOnce = 4096;
  for (std::int64_t begin = 0; begin < count; begin += kAtOnce) {
    const std::int64_t end = std::min(begin + kAtOnce, count);
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

void check_finite(const hdf5::File& file, const ConfigNode& node, const Weight& weight) {
  const auto bad = first_not_finite(weight.data.get(), weight.elements());
  if (!bad) return;
  const bool nan = std::isnan(weight.data[*bad]);
  file.fail("layer '" + printable(node.name) + "' (" + printable(node.class_name) + ")",
            printable(weight.name) + "[" + position(*bad, weight.shape) + "] is " + (nan ? "NaN" : "infinite"));
}

// One value that is not finite in each of many tensors is found by all threads, then named in the order of the file.
void check_finite(const hdf5::File& file, const Architecture& architecture,
                  const std::vector<std::vector<Weight>>& weights, ThreadTeam& team) {
  std::vector<const Weight*> all;
  for (const auto& node : weights) {
    for (const Weight& weight : node) all.push_back(&weight);
  }
  std::atomic<bool> finite{true};
  team.for_each(static_cast<std::int64_t>(all.size()), [&](std::int64_t i, int) {
    const Weight& weight = *all[static_cast<std::size_t>(i)];
    if (first_not_finite(weight.data.get(), weight.elements())) finite = false;
  });
  if (finite) return;
  for (std::size_t node = 0; node < weights.size(); ++node) {
    for (const Weight& weight : weights[node]) check_finite(file, architecture.nodes[node], weight);
  }
}

}  // namespace

std::vector<std::vector<Weight>> read_tensors(const hdf5::File& file, const Architecture& architecture,
                                              const std::vector<std::vector<StoredTensor>>& tensors) {
  std::vector<std::vector<Weight>> weights(tensors.size());
  hdf5::ReadQueue queue;
  const std::vector<std::string> classes = layer_classes();
  for (std::size_t node = 0; node < tensors.size(); ++node) {
    // A layer that does not exist here is refused by name, or replaced: its weights may be anything.
    const bool known = std::ranges::binary_search(classes, architecture.nodes[node].class_name);
    if (!known && !architecture.nodes[node].replaced) continue;
    for (const StoredTensor& stored : tensors[node]) {
      LoadScope::check_cancelled();
      auto tensor = stored.group->queue_tensor(stored.path, queue);
      weights[node].push_back({stored.name, std::move(tensor.shape), std::move(tensor.data), true});
    }
  }
  ThreadTeam team(LoadScope::threads());
  const ThreadTeam::Run awake(team, LoadScope::cancel());
  file.read_queued(queue, team);
  check_finite(file, architecture, weights, team);
  team.check();
  return weights;
}

std::vector<std::vector<Weight>> read_weights(const FileLayers& layers, const hdf5::Group& group,
                                              const Architecture& architecture) {
  const hdf5::File& file = group.file();
  const std::string place = file.path() + (group.place().empty() ? "" : ": " + group.place());
  const auto matched = match_weights(layers.listed, architecture, place);
  std::vector<std::vector<StoredTensor>> tensors(matched.size());
  for (std::size_t node = 0; node < matched.size(); ++node) {
    for (const MatchedWeight& match : matched[node]) {
      tensors[node].push_back(
          {&layers.groups[match.layer], layers.listed[match.layer].weights[match.weight], match.name});
    }
  }
  return read_tensors(file, architecture, tensors);
}

}  // namespace fovea::keras
