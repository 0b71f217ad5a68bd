// A 1x1 convolution followed by a depthwise one: the second runs the first for the rows that it comes to.
#include "engine/passes/passes.h"

namespace fovea {

void fuse_pixel_convs(Graph& graph) {
  for (std::size_t i = 0; i < graph.nodes().size(); ++i) {
    Node& node = graph.nodes()[i];
    if (!node.layer) continue;
    const Role role = node.layer->role(graph.input_shapes(node));
    if (const auto* convolution = std::get_if<Convolution>(&role); !convolution || !convolution->pixel) continue;
    const int reader = graph.only_reader(static_cast<int>(i));
    if (reader < 0) continue;
    Node& next = graph.nodes()[static_cast<std::size_t>(reader)];
    const std::string name = node.layer->name();
    if (!next.layer->absorb_before(node.layer, node.shape)) continue;
    next.absorbed.insert(next.absorbed.begin(), node.absorbed.begin(), node.absorbed.end());
    next.absorbed.insert(next.absorbed.begin() + static_cast<std::ptrdiff_t>(node.before), name);
    next.before += node.absorbed.size() + 1;
    next.inputs = node.inputs;
  }
  graph.compact();
}

}  // namespace fovea
