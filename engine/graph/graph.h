// A network while it is being built: layers in topological order and which tensors they read.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include <fovea/model_desc.h>
#include "layers/layer.h"

namespace fovea {

/// One layer and its place in the network. A node's result is named by the node's index.
struct Node {
  std::unique_ptr<Layer> layer;  ///< until the graph is prepared
  std::unique_ptr<Op> op;        ///< from then on, as what follows
  std::string name, class_name;
  std::vector<int> inputs;
  std::vector<std::string> absorbed;  ///< names of layers merged into this one
  Shape shape;                        ///< of the result
  std::size_t before = 0;             ///< so many of `absorbed`, the first, come before the layer; the others follow it

  /// Name of the layer whose result this is.
  const std::string& result_name() const { return absorbed.size() > before ? absorbed.back() : layer->name(); }
};

/// Nodes in topological order. Passes rewrite it; dead nodes have no layer until `compact` removes them.
class Graph {
 public:
  /// Builds all layers. Throws one UnsupportedError that names every unsupported layer or attribute, or Error.
  explicit Graph(ModelDesc desc);

  std::vector<Node>& nodes() { return nodes_; }
  const std::vector<Node>& nodes() const { return nodes_; }
  std::vector<int>& outputs() { return outputs_; }
  const std::vector<int>& outputs() const { return outputs_; }
  const std::vector<int>& inputs() const { return inputs_; }

  /// Shapes of a node's inputs.
  std::vector<Shape> input_shapes(const Node& node) const;
  /// Recomputes every shape.
  void infer_shapes();
  /// The only reader of a node's result, or -1 if there are several, none, or it is an output of the model.
  int only_reader(int node) const;
  /// Lets everything that reads `from` read `to` instead.
  void redirect(int from, int to);
  /// Removes the nodes without a layer.
  void compact();
  /// Takes over rewritten nodes; place[i] is where the old node i now stands.
  void replace(std::vector<Node> nodes, const std::vector<int>& place, std::vector<int> outputs);

 private:
  /// Both collect what is unsupported.
  std::vector<std::string> add_layers(ModelDesc desc);
  void infer_known_shapes(std::vector<std::string>& unsupported);

  std::vector<Node> nodes_;
  std::vector<int> inputs_, outputs_;
  std::map<int, std::size_t> unknown_;  ///< nodes without a layer, and the place of each among what is unsupported
};

}  // namespace fovea
