// What Model hides: shared by model.cpp and session.cpp.
#pragma once

#include <optional>

#include <fovea/error.h>
#include <fovea/model.h>
#include "engine/graph/graph.h"
#include "engine/graph/head.h"
#include "engine/memory_plan.h"

namespace fovea {

struct Model::Impl {
  explicit Impl(Graph g) : graph(std::move(g)) {}

  Graph graph;
  const KernelTable* kernels = nullptr;
  std::vector<TensorDesc> tensors;  ///< of each node's result
  MemoryPlan memory;
  Head head;                        ///< what Grad-CAM reads
  std::int64_t thread_scratch = 0;  ///< bytes
  std::int64_t shared_scratch = 0;
  std::int64_t parameters = 0;
  std::string name, isa;
  std::vector<std::string> input_names, output_names;
  Provenance provenance;
  std::vector<LayerReport> reports;
  std::vector<FileLayer> file_layers;
  std::optional<ModelDesc> source;  ///< if the model is resizable
  ModelOptions options;             ///< as the model was made with

  /// Shape of number `index` of the model's inputs or outputs.
  const Shape& shape_of(const std::vector<int>& nodes, int index, const char* what) const {
    if (index < 0 || index >= std::ssize(nodes)) {
      throw Error("the model has no " + std::string(what) + " of number " + std::to_string(index));
    }
    return graph.nodes()[static_cast<std::size_t>(nodes[static_cast<std::size_t>(index)])].shape;
  }
};

}  // namespace fovea
