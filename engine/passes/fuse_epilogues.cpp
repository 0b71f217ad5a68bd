// What follows a convolution or dense layer becomes its epilogue: one pass over memory instead of several.
#include <algorithm>

#include "engine/passes/passes.h"

namespace fovea {

namespace {

// Merges `next`, the only reader of `node`, into it. Everything that read `next` then reads `node`.
bool fuse_next(Graph& graph, int node_index, int next_index) {
  Node& node = graph.nodes()[static_cast<std::size_t>(node_index)];
  Node& next = graph.nodes()[static_cast<std::size_t>(next_index)];
  const Role role = next.layer->role(graph.input_shapes(next));
  if (next.inputs.size() == 1) {
    return (is<const ChannelAffine*>(role) || is<Clamp>(role)) && node.layer->absorb(role);
  }
  if (next.inputs.size() != 2 || !is<Sum>(role)) return false;
  // The other operand must be there before this layer runs; of two convolutions the later one takes the sum.
  const int other = next.inputs[0] == node_index ? next.inputs[1] : next.inputs[0];
  if (other > node_index || !node.layer->absorb(role)) return false;
  node.inputs.push_back(other);
  return true;
}

}  // namespace

void fuse_epilogues(Graph& graph) {
  for (std::size_t i = 0; i < graph.nodes().size(); ++i) {
    if (!graph.nodes()[i].layer) continue;
    const int node = static_cast<int>(i);
    for (int next = graph.only_reader(node); next >= 0 && fuse_next(graph, node, next);
         next = graph.only_reader(node)) {
      Node& absorbed = graph.nodes()[static_cast<std::size_t>(next)];
      Node& into = graph.nodes()[i];
      into.absorbed.push_back(absorbed.layer->name());
      into.absorbed.insert(into.absorbed.end(), absorbed.absorbed.begin(), absorbed.absorbed.end());
      absorbed.layer = nullptr;
      graph.redirect(next, node);
    }
  }
}

}  // namespace fovea
