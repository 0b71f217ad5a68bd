// From layers to operations.
#pragma once

#include <vector>

#include "engine/graph/graph.h"

namespace fovea {

/// How each node's result lies in memory, once layouts are assigned.
std::vector<TensorDesc> tensors_of(const Graph& graph);

/// Gives every node of a graph whose layouts are assigned its operation in place of its layer, one after the other: the
/// file's tensors go as they are packed.
void prepare(Graph& graph, const std::vector<TensorDesc>& tensors, const KernelTable& kernels, Packer& packer,
             Arithmetic arithmetic);

}  // namespace fovea
