// A number for what a graph became.
#pragma once

#include <cstdint>
#include <vector>

#include "engine/graph/graph.h"
#include "kernels/table.h"

namespace fovea {

/// Of a graph after its passes: each layer's name and class, what it has absorbed and reads, shapes and layouts, and
/// the width of the kernels' panels. Where it is another, weights are packed otherwise or belong to other operations.
std::uint64_t network_print(const Graph& graph, const std::vector<TensorDesc>& tensors, const KernelTable& kernels);

}  // namespace fovea
