// Looks for the last convolution, then goes down from it.
#include "engine/graph/head.h"

#include <algorithm>

namespace fovea {

namespace {

using Marks = std::vector<bool>;

bool reads(const Node& node, const Marks& marks) {
  return std::ranges::any_of(node.inputs, [&](int input) { return marks[static_cast<std::size_t>(input)]; });
}

Role role_of(const Graph& graph, std::size_t node) {
  const Node& n = graph.nodes()[node];
  return n.layer->role(graph.input_shapes(n));
}

// The nodes that the output depends on, and the output.
Marks above_output(const Graph& graph) {
  Marks marks(graph.nodes().size());
  for (const int output : graph.outputs()) marks[static_cast<std::size_t>(output)] = true;
  for (std::size_t i = graph.nodes().size(); i-- > 0;) {
    if (!marks[i]) continue;
    for (const int input : graph.nodes()[i].inputs) marks[static_cast<std::size_t>(input)] = true;
  }
  return marks;
}

bool is_map(const Shape& shape) { return shape.rank() == 3 && shape.h() * shape.w() > 1; }

int last_convolution(const Graph& graph, const Marks& used) {
  for (std::size_t i = graph.nodes().size(); i-- > 0;) {
    if (used[i] && is<Convolution>(role_of(graph, i)) && is_map(graph.nodes()[i].shape)) {
      return static_cast<int>(i);
    }
  }
  return -1;
}

// The last node that is reached from this one without leaving its grid.
int end_of_grid(const Graph& graph, const Marks& used, int from) {
  const Shape& grid = graph.nodes()[static_cast<std::size_t>(from)].shape;
  Marks reached(graph.nodes().size());
  reached[static_cast<std::size_t>(from)] = true;
  int end = from;
  for (std::size_t i = static_cast<std::size_t>(from) + 1; i < graph.nodes().size(); ++i) {
    const Node& node = graph.nodes()[i];
    const bool same = node.shape.rank() == 3 && node.shape.h() == grid.h() && node.shape.w() == grid.w();
    reached[i] = used[i] && same && reads(node, reached);
    if (reached[i] && !is<LayoutChange>(role_of(graph, i))) end = static_cast<int>(i);
  }
  return end;
}

}  // namespace

Head find_head(const Graph& graph) {
  const Marks used = above_output(graph);
  const int convolution = last_convolution(graph, used);
  if (convolution < 0) return {};
  Head head;
  head.map = end_of_grid(graph, used, convolution);
  head.layer = graph.nodes()[static_cast<std::size_t>(head.map)].result_name();
  head.values = {head.map};
  Marks behind(graph.nodes().size());
  behind[static_cast<std::size_t>(head.map)] = true;
  for (std::size_t i = static_cast<std::size_t>(head.map) + 1; i < graph.nodes().size(); ++i) {
    const Node& node = graph.nodes()[i];
    behind[i] = used[i] && reads(node, behind);
    if (!behind[i]) continue;
    head.nodes.push_back(static_cast<int>(i));
    head.values.push_back(static_cast<int>(i));
    head.values.insert(head.values.end(), node.inputs.begin(), node.inputs.end());
  }
  return head;
}

}  // namespace fovea
