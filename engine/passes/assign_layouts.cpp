// Makes every layer's input have the layout that the layer wants. Vectors and numbers have one layout only.
#include <map>

#include "engine/passes/passes.h"
#include "layers/shape_ops/reorder.h"

namespace fovea {

namespace {

// Reorders by the node that they read: a result has two layouts at most.
using Reordered = std::map<int, int>;

std::vector<Shape> shapes_read(const std::vector<Node>& nodes, int reader) {
  std::vector<Shape> shapes;
  for (const int input : nodes[static_cast<std::size_t>(reader)].inputs) {
    shapes.push_back(nodes[static_cast<std::size_t>(input)].shape);
  }
  return shapes;
}

// The node that gives `source` in layout `wanted`: itself, or a Reorder of it, appended to `nodes` for its first
// reader.
int in_layout(std::vector<Node>& nodes, Reordered& reordered, int source, Layout wanted) {
  const Shape shape = nodes[static_cast<std::size_t>(source)].shape;
  const Layer& layer = *nodes[static_cast<std::size_t>(source)].layer;
  if (shape.rank() <= 1 || layer.formats(shapes_read(nodes, source)).out.layout == wanted) return source;
  const auto [place, added] = reordered.emplace(source, static_cast<int>(nodes.size()));
  if (!added) return place->second;
  Node reorder;
  reorder.layer = make_reorder(layer.name() + (wanted == Layout::c16 ? "/to_c16" : "/to_nhwc"), wanted);
  reorder.inputs = {source};
  reorder.shape = shape;
  nodes.push_back(std::move(reorder));
  return place->second;
}

}  // namespace

void assign_layouts(Graph& graph) {
  std::vector<Node> old = std::move(graph.nodes());
  std::vector<Node> nodes;
  std::vector<int> place(old.size());
  Reordered reordered;
  for (std::size_t i = 0; i < old.size(); ++i) {
    std::vector<Shape> shapes;
    for (const int input : old[i].inputs)
      shapes.push_back(nodes[static_cast<std::size_t>(place[static_cast<std::size_t>(input)])].shape);
    if (!shapes.empty()) {
      const Layout wanted = old[i].layer->formats(shapes).in.layout;
      for (int& input : old[i].inputs)
        input = in_layout(nodes, reordered, place[static_cast<std::size_t>(input)], wanted);
    }
    nodes.push_back(std::move(old[i]));
    place[i] = static_cast<int>(nodes.size()) - 1;
  }
  std::vector<int> outputs;
  for (const int output : graph.outputs())
    outputs.push_back(in_layout(nodes, reordered, place[static_cast<std::size_t>(output)], Layout::nhwc));
  graph.replace(std::move(nodes), place, std::move(outputs));
}

}  // namespace fovea
