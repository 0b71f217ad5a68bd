// Dropout, linear activations and the like compute nothing at inference.
#include "engine/passes/passes.h"

namespace fovea {

void drop_identities(Graph& graph) {
  for (std::size_t i = 0; i < graph.nodes().size(); ++i) {
    Node& node = graph.nodes()[i];
    if (node.inputs.size() != 1 || !is<Identity>(node.layer->role(graph.input_shapes(node)))) continue;
    const int input = node.inputs[0];
    graph.nodes()[static_cast<std::size_t>(input)].absorbed.push_back(node.layer->name());
    graph.redirect(static_cast<int>(i), input);
    node.layer = nullptr;
  }
}

}  // namespace fovea
