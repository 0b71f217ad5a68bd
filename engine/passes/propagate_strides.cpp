// Moves strides upwards. In ResNet50 the last block of a stage is read by two 1x1 convolutions of stride 2 alone: three
// quarters of its pixels, and of those of the 3x3 convolution before it, are never looked at.
#include <algorithm>

#include "engine/passes/passes.h"
#include "layers/pool/subsample.h"

namespace fovea {

namespace {

struct Edge {
  Layer* reader;
  std::size_t input;
};

std::vector<std::vector<Edge>> edges_by_source(const Graph& graph) {
  std::vector<std::vector<Edge>> edges(graph.nodes().size());
  for (const Node& node : graph.nodes()) {
    for (std::size_t i = 0; i < node.inputs.size(); ++i) {
      edges[static_cast<std::size_t>(node.inputs[i])].push_back({node.layer.get(), i});
    }
  }
  return edges;
}

// The stride that all readers share, or 1.
std::int64_t common_stride(const std::vector<Edge>& readers) {
  if (readers.empty()) return 1;
  const std::int64_t stride = readers[0].reader->input_stride(readers[0].input);
  const bool all = std::all_of(readers.begin(), readers.end(),
                               [&](const Edge& edge) { return edge.reader->input_stride(edge.input) == stride; });
  return all ? stride : 1;
}

// Operands of sums whose strides could not move into what computes them are subsampled by a layer of their own.
void insert_subsampling(Graph& graph) {
  std::vector<Node> nodes;
  std::vector<int> place(graph.nodes().size());
  for (std::size_t i = 0; i < graph.nodes().size(); ++i) {
    Node node = std::move(graph.nodes()[i]);
    for (std::size_t input = 0; input < node.inputs.size(); ++input) {
      const int source = place[static_cast<std::size_t>(node.inputs[input])];
      node.inputs[input] = source;
      const std::int64_t stride = input == 0 ? 1 : node.layer->input_stride(input);
      if (stride == 1) continue;
      node.layer->drop_input_stride(input);
      Node subsample;
      subsample.layer = make_subsample(nodes[static_cast<std::size_t>(source)].layer->name() + "/subsample", stride);
      subsample.inputs = {source};
      nodes.push_back(std::move(subsample));
      node.inputs[input] = static_cast<int>(nodes.size()) - 1;
    }
    nodes.push_back(std::move(node));
    place[i] = static_cast<int>(nodes.size()) - 1;
  }
  std::vector<int> outputs;
  for (const int output : graph.outputs()) outputs.push_back(place[static_cast<std::size_t>(output)]);
  graph.replace(std::move(nodes), place, std::move(outputs));
}

}  // namespace

void propagate_strides(Graph& graph) {
  const auto edges = edges_by_source(graph);
  for (std::size_t i = graph.nodes().size(); i-- > 0;) {
    const auto& outputs = graph.outputs();
    if (std::find(outputs.begin(), outputs.end(), static_cast<int>(i)) != outputs.end()) continue;
    const std::int64_t stride = common_stride(edges[i]);
    if (stride == 1 || !graph.nodes()[i].layer->subsample(stride, graph.nodes()[i].shape)) continue;
    for (const Edge& edge : edges[i]) edge.reader->drop_input_stride(edge.input);
  }
  insert_subsampling(graph);
}

}  // namespace fovea
