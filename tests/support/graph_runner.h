// Runs a graph with every result in a guarded buffer of its own, without memory plan or session.
#pragma once

#include <memory>
#include <vector>

#include "engine/graph/graph.h"
#include "tests/support/buffer.h"

namespace fovea::test {

/// Takes a graph whose layouts are assigned, and prepares its layers. Buffers start as NaN and end at unmapped pages.
class GraphRunner {
 public:
  GraphRunner(Graph graph, const KernelTable& kernels, Arithmetic arithmetic = Arithmetic::direct);

  /// Results of all images, [elements] each, those of several inputs or outputs in a row. A write outside a result, a
  /// value of a result that is left unwritten or a write beside the scratch is a test failure.
  std::vector<std::vector<float>> run(const std::vector<std::vector<float>>& images, int threads = 1);

  const Graph& graph() const { return graph_; }

 private:
  void check(const std::vector<std::unique_ptr<Buffer>>& results, const Buffer& scratch, int batch) const;

  Graph graph_;
  const KernelTable& kernels_;
  std::vector<TensorDesc> tensors_;
  std::int64_t thread_scratch_ = 0, shared_scratch_ = 0;
};

}  // namespace fovea::test
