// What Model hides: shared by model.cpp and session.cpp.
#pragma once

#include "engine/fovea.h"
#include "engine/graph.h"
#include "engine/memory_plan.h"

namespace fovea {

struct Model::Impl {
  explicit Impl(Graph g) : graph(std::move(g)) {}

  Graph graph;
  const KernelTable* kernels = nullptr;
  std::vector<TensorDesc> tensors;  ///< of each node's result
  MemoryPlan memory;
  std::int64_t scratch_floats = 0;  ///< per thread
  std::int64_t shared_scratch_floats = 0;
  std::int64_t parameters = 0;
  std::string name, isa;
  Arithmetic arithmetic = Arithmetic::fast;
  Provenance provenance;
  std::vector<LayerReport> reports;
  std::vector<FileLayer> file_layers;
};

}  // namespace fovea
