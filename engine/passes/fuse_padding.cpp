// ZeroPadding2D followed by a convolution or pooling: the window starts outside the image instead.
#include "engine/passes/passes.h"

namespace fovea {

void fuse_padding(Graph& graph) {
  for (std::size_t i = 0; i < graph.nodes().size(); ++i) {
    Node& node = graph.nodes()[i];
    if (!node.layer) continue;
    const Role role = node.layer->role(graph.input_shapes(node));
    const int reader = is<Padding>(role) ? graph.only_reader(static_cast<int>(i)) : -1;
    if (reader < 0) continue;
    Node& next = graph.nodes()[static_cast<std::size_t>(reader)];
    if (!next.layer->absorb(role)) continue;
    next.absorbed.insert(next.absorbed.begin(), node.layer->name());
    ++next.before;
    next.inputs[0] = node.inputs[0];
    node.layer = nullptr;
  }
}

}  // namespace fovea
