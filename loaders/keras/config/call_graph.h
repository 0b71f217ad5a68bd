// The calls that connect the layers of a Functional model.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <tuple>
#include <vector>

#include "loaders/keras/config/calls.h"
#include "loaders/keras/config/entries.h"

namespace fovea::keras {

/// All calls of a model's layers, and what each reads. Everything throws Error("<place>: ...").
class CallGraph {
 public:
  /// Call number `call` of layer number `layer`.
  struct Node {
    std::size_t layer, call;
    bool operator<(const Node& other) const { return std::tie(layer, call) < std::tie(other.layer, other.call); }
  };

  /// `layers` outlive the graph.
  explicit CallGraph(const std::vector<Entry>& layers);

  /// The calls of each layer, in the order of the layers.
  const std::vector<std::vector<Call>>& calls() const { return calls_; }

  /// Numbers the calls alike in all references, those of the layers and those that are the model's outputs: a model
  /// within another has a call of its own before those that the configuration lists. Keras 2 counts it in all
  /// references, Keras 3 in those of 'output_layers' to Functional models; afterwards nobody does.
  void number(std::vector<TensorRef>& model_outputs);

  /// The layer that is meant, and which of its calls. Of a single one some versions of Keras count calls outside of the
  /// model too.
  Node find(const TensorRef& ref, const std::string& place) const;
  std::size_t layer(const std::string& name, const std::string& place) const;

  /// All calls, each behind those that it reads (Kahn's algorithm); in a configuration the order is free.
  std::vector<Node> in_order() const;

 private:
  const std::vector<Entry>& layers_;
  std::vector<std::vector<Call>> calls_;
  std::map<std::string, std::size_t> index_;
};

}  // namespace fovea::keras
