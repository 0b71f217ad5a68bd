// From a description to layers in topological order.
#include "engine/graph/graph.h"

#include <algorithm>
#include <map>
#include <set>

#include <fovea/error.h>
#include "layers/registry.h"

namespace fovea {

namespace {

// Largest activation accepted, in floats (4 GiB): offsets inside a tensor fit 32 bits.
constexpr std::int64_t kMaxTensor = std::int64_t{1} << 30;
// Far more than any network has; the passes take time with the square of the number.
constexpr std::size_t kMaxLayers = 10000;
constexpr const char* kInput = "InputLayer";

std::map<std::string, int> index_names(const ModelDesc& desc) {
  std::map<std::string, int> index;
  for (std::size_t i = 0; i < desc.nodes.size(); ++i) {
    const std::string& name = desc.nodes[i].config.name();
    if (!index.emplace(name, static_cast<int>(i)).second) throw Error("two layers are named '" + name + "'");
  }
  return index;
}

int find(const std::map<std::string, int>& index, const std::string& name, const std::string& reader) {
  const auto found = index.find(name);
  if (found == index.end()) throw Error(reader + " refers to '" + name + "', which does not exist");
  return found->second;
}

// A model's inputs are its InputLayers: the caller of a run writes all of them and nothing else.
void check_ends(const ModelDesc& desc, const std::map<std::string, int>& index) {
  if (desc.inputs.empty()) throw Error("the model has no inputs");
  if (desc.outputs.empty()) throw Error("the model has no outputs");
  if (desc.outputs.size() > kMaxLayers) throw Error("the model has too many outputs");
  std::set<std::string> seen;
  for (const std::string& name : desc.inputs) {
    if (!seen.insert(name).second) throw Error("the model lists its input '" + name + "' twice");
  }
  for (const std::string& name : desc.inputs) {
    const LayerConfig& config = desc.nodes[static_cast<std::size_t>(find(index, name, "the model"))].config;
    if (config.class_name() != kInput) throw Error(config.where("is no InputLayer, so it cannot be the model's input"));
  }
  for (const NodeDesc& node : desc.nodes) {
    if (node.config.class_name() == kInput && seen.count(node.config.name()) == 0)
      throw Error(node.config.where("is not an input of the model"));
  }
}

// Kahn's algorithm; keeps the file's order where it can.
std::vector<int> sort(const ModelDesc& desc, const std::map<std::string, int>& index) {
  const std::size_t count = desc.nodes.size();
  std::vector<int> missing(count), order;
  std::vector<std::vector<int>> readers(count);
  for (std::size_t i = 0; i < count; ++i) {
    const NodeDesc& node = desc.nodes[i];
    for (const std::string& input : node.inputs) {
      readers[static_cast<std::size_t>(find(index, input, "layer '" + node.config.name() + "'"))].push_back(
          static_cast<int>(i));
    }
    missing[i] = static_cast<int>(node.inputs.size());
    if (missing[i] == 0) order.push_back(static_cast<int>(i));
  }
  for (std::size_t next = 0; next < order.size(); ++next) {
    for (const int reader : readers[static_cast<std::size_t>(order[next])]) {
      if (--missing[static_cast<std::size_t>(reader)] == 0) order.push_back(reader);
    }
  }
  if (order.size() != count) throw Error("the layers form a cycle");
  return order;
}

// " with inputs 8x8x3, 16", as far as they are known.
std::string inputs_text(const std::vector<Shape>& shapes) {
  std::string text;
  for (const Shape& shape : shapes) text += (text.empty() ? "" : ", ") + (shape == Shape() ? "unknown" : shape.str());
  return (shapes.size() == 1 ? " with the input " : " with the inputs ") + text;
}

void throw_if_any(const std::vector<std::string>& unsupported, const std::string& help) {
  if (unsupported.empty()) return;
  std::string all;
  for (const std::string& what : unsupported) all += (all.empty() ? "" : "; ") + what;
  throw UnsupportedError("unsupported: " + all + help);
}

}  // namespace

Graph::Graph(ModelDesc desc) {
  const std::string help = desc.unsupported_help;
  std::vector<std::string> unsupported = add_layers(std::move(desc));
  try {
    infer_known_shapes(unsupported);
  } catch (const Error&) {
    throw_if_any(unsupported, help);  // says more than what follows from it
    throw;
  }
  throw_if_any(unsupported, help);
  unknown_.clear();
}

std::vector<std::string> Graph::add_layers(ModelDesc desc) {
  if (desc.nodes.size() > kMaxLayers) {
    throw UnsupportedError("models of more than " + std::to_string(kMaxLayers) + " layers are not supported");
  }
  const auto index = index_names(desc);
  const std::vector<int> order = sort(desc, index);
  check_ends(desc, index);
  std::vector<int> place(desc.nodes.size(), -1);  // description index -> node whose result is the layer's result
  std::vector<std::string> unsupported;
  for (const int i : order) {
    NodeDesc& from = desc.nodes[static_cast<std::size_t>(i)];
    Node node;
    try {
      node.layer = make_layer(from.config);
      if (!node.layer) {
        unknown_.emplace(static_cast<int>(nodes_.size()), unsupported.size());
        unsupported.push_back("'" + from.config.name() + "' (" + from.config.class_name() + ")");
      }
    } catch (const UnsupportedError& e) {
      unsupported.emplace_back(e.what());
    }
    for (const std::string& input : from.inputs)
      node.inputs.push_back(place[static_cast<std::size_t>(index.at(input))]);
    const bool is_input = from.config.class_name() == kInput;
    if (is_input != from.inputs.empty()) throw Error(from.config.where(is_input ? "has inputs" : "has no inputs"));
    std::unique_ptr<Layer> next = node.layer ? node.layer->take_activation() : nullptr;
    nodes_.push_back(std::move(node));
    while (next) {
      Node follower;
      follower.layer = std::move(next);
      follower.inputs = {static_cast<int>(nodes_.size()) - 1};
      nodes_.push_back(std::move(follower));
      next = nodes_.back().layer->take_activation();
    }
    place[static_cast<std::size_t>(i)] = static_cast<int>(nodes_.size()) - 1;
    // The layer holds what it needs; the file's copies go as early as they can.
    from.config = LayerConfig("", "", {}, {});
  }
  for (const std::string& name : desc.inputs)
    inputs_.push_back(place[static_cast<std::size_t>(find(index, name, "the model"))]);
  for (const std::string& name : desc.outputs)
    outputs_.push_back(place[static_cast<std::size_t>(find(index, name, "the model"))]);
  return unsupported;
}

std::vector<Shape> Graph::input_shapes(const Node& node) const {
  std::vector<Shape> shapes;
  for (const int input : node.inputs) shapes.push_back(nodes_[static_cast<std::size_t>(input)].shape);
  return shapes;
}

void Graph::infer_shapes() {
  std::vector<std::string> unsupported;
  infer_known_shapes(unsupported);
  throw_if_any(unsupported, "");
}

// Behind an unsupported layer shapes stay unknown, that is empty.
void Graph::infer_known_shapes(std::vector<std::string>& unsupported) {
  for (Node& node : nodes_) {
    const std::vector<Shape> in = input_shapes(node);
    if (const auto unknown = unknown_.find(static_cast<int>(&node - nodes_.data())); unknown != unknown_.end())
      unsupported[unknown->second] += inputs_text(in);
    if (!node.layer || std::count(in.begin(), in.end(), Shape()) > 0) continue;
    try {
      while (auto special = node.layer->specialise(in)) node.layer = std::move(special);
      node.shape = node.layer->infer(in);
    } catch (const UnsupportedError& e) {
      unsupported.emplace_back(e.what());
      continue;
    }
    const TensorDesc tensor{node.shape, Layout::c16};
    std::int64_t elements = 1;  // stops growing past the limit, where tensor.values() might overflow
    for (const std::int64_t dim : node.shape.dims()) {
      elements = dim > kMaxTensor / elements ? kMaxTensor + 1 : elements * dim;
    }
    if (elements > kMaxTensor || tensor.values() > kMaxTensor) {
      throw Error("layer '" + node.layer->name() + "': its result of shape " + node.shape.str() + " is too large");
    }
  }
}

int Graph::only_reader(int node) const {
  if (std::find(outputs_.begin(), outputs_.end(), node) != outputs_.end()) return -1;
  int reader = -1;
  for (std::size_t i = 0; i < nodes_.size(); ++i) {
    if (!nodes_[i].layer) continue;
    const auto uses = std::count(nodes_[i].inputs.begin(), nodes_[i].inputs.end(), node);
    if (uses == 0) continue;
    if (uses > 1 || reader != -1) return -1;
    reader = static_cast<int>(i);
  }
  return reader;
}

void Graph::redirect(int from, int to) {
  for (Node& node : nodes_) std::replace(node.inputs.begin(), node.inputs.end(), from, to);
  std::replace(outputs_.begin(), outputs_.end(), from, to);
}

void Graph::compact() {
  std::vector<int> place(nodes_.size(), -1);
  std::vector<Node> kept;
  for (std::size_t i = 0; i < nodes_.size(); ++i) {
    if (!nodes_[i].layer) continue;
    place[i] = static_cast<int>(kept.size());
    kept.push_back(std::move(nodes_[i]));
  }
  const auto move = [&](std::vector<int>& list) {
    for (int& node : list) node = place[static_cast<std::size_t>(node)];
  };
  for (Node& node : kept) move(node.inputs);
  move(inputs_);
  move(outputs_);
  nodes_ = std::move(kept);
}

void Graph::replace(std::vector<Node> nodes, const std::vector<int>& place, std::vector<int> outputs) {
  nodes_ = std::move(nodes);
  outputs_ = std::move(outputs);
  for (int& input : inputs_) input = place[static_cast<std::size_t>(input)];
}

}  // namespace fovea
