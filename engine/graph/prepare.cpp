// From layers to operations.
#include "engine/graph/prepare.h"

#include "base/load_scope.h"

namespace fovea {

std::vector<TensorDesc> tensors_of(const Graph& graph) {
  std::vector<TensorDesc> tensors;
  for (const Node& node : graph.nodes()) {
    tensors.push_back({node.shape, node.layer->formats(graph.input_shapes(node)).out});
  }
  return tensors;
}

void prepare(Graph& graph, const std::vector<TensorDesc>& tensors, const KernelTable& kernels, Packer& packer,
             Arithmetic arithmetic) {
  for (std::size_t i = 0; i < graph.nodes().size(); ++i) {
    Node& node = graph.nodes()[i];
    packer.begin_op(static_cast<std::int64_t>(i));
    PrepareContext context{kernels, {}, tensors[i], packer, arithmetic};
    for (const int input : node.inputs) context.in.push_back(tensors[static_cast<std::size_t>(input)]);
    node.op = node.layer->prepare(context);
    node.name = node.layer->name();
    node.class_name = node.layer->class_name();
    node.layer.reset();
    packer.team().check();
    LoadScope::advance(static_cast<double>(i + 1) / static_cast<double>(graph.nodes().size()));
  }
}

}  // namespace fovea
