// Where each activation lives: one arena, planned once at load, sizes per image.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "engine/graph/graph.h"

namespace fovea {

/// Offsets and sizes in bytes for a batch of one; a session multiplies both by its batch.
struct MemoryPlan {
  std::vector<std::int64_t> offsets;  ///< of each node's result
  std::vector<std::int64_t> sizes;
  std::int64_t arena = 0;
};

/// Lifetimes end with the last reader; the model's input and outputs live for the whole run. A result takes over the
/// buffer of an input that dies with it where the layer allows that. Largest first, lowest free place. The results of
/// the nodes in `kept` are not written over until the run ends.
MemoryPlan plan_memory(const Graph& graph, const std::vector<TensorDesc>& tensors, std::span<const int> kept = {});

}  // namespace fovea
