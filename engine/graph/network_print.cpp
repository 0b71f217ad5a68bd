// The checksum of a text that says it all.
#include "engine/graph/network_print.h"

#include <span>
#include <string>

#include "base/checksum64.h"

namespace fovea {

std::uint64_t network_print(const Graph& graph, const std::vector<TensorDesc>& tensors, const KernelTable& kernels) {
  std::string text = std::to_string(kernels.conv.channels);
  const auto add = [&](const std::string& word) { text += "\n" + std::to_string(word.size()) + " " + word; };
  for (std::size_t i = 0; i < graph.nodes().size(); ++i) {
    const Node& node = graph.nodes()[i];
    add(node.layer->class_name());
    add(node.layer->name());
    add(std::to_string(node.before));
    for (const std::string& name : node.absorbed) add(name);
    for (const int input : node.inputs) add(std::to_string(input));
    add(node.shape.str());
    add(std::to_string(static_cast<int>(tensors[i].format.layout)));
  }
  return checksum64(std::as_bytes(std::span(text)));
}

}  // namespace fovea
