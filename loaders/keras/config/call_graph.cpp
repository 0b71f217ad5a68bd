// The calls that connect the layers of a Functional model.
#include "loaders/keras/config/call_graph.h"

#include <algorithm>

#include <fovea/error.h>
#include "loaders/keras/json/access.h"
#include "loaders/printable.h"

namespace fovea::keras {

namespace {

std::vector<Call> calls_of(const Entry& layer) {
  const Attribute* inbound = find(*layer.json, "inbound_nodes");
  std::vector<Call> calls;
  if (inbound != nullptr) calls = parse_calls(*inbound, layer.operation, layer.place);
  if (calls.empty() && layer.class_name != kInputClass) throw Error(layer.place + ": has no inputs");
  if (calls.empty()) calls.emplace_back();
  return calls;
}

void leave_out_own_call(const std::vector<TensorRef*>& refs, std::size_t calls, bool expected) {
  if (calls < 2 || refs.empty()) return;
  const auto [least, most] = std::ranges::minmax(refs, {}, [](const TensorRef* ref) { return ref->call; });
  const bool counted = least->call > 0 && (expected || most->call == static_cast<std::int64_t>(calls));
  for (TensorRef* ref : refs) ref->call -= counted ? 1 : 0;
}

}  // namespace

CallGraph::CallGraph(const std::vector<Entry>& layers) : layers_(layers) {
  std::size_t count = 0;
  for (const Entry& layer : layers) {
    calls_.push_back(calls_of(layer));
    count += calls_.back().size();
    if (count > kMostNodes) throw Error(layer.place + ": the layers are called too often");
  }
  for (std::size_t i = 0; i < layers.size(); ++i) {
    if (!index_.emplace(layers[i].name, i).second) throw Error(layers[i].place + ": the name is used twice");
  }
}

void CallGraph::number(std::vector<TensorRef>& model_outputs) {
  struct Refs {
    std::vector<TensorRef*> of_calls, of_outputs;
  };
  std::map<std::string, Refs> refs;
  bool keras_3 = false;
  for (std::size_t i = 0; i < layers_.size(); ++i) {
    keras_3 = keras_3 || has_keras_3_calls(*layers_[i].json);
    for (Call& call : calls_[i]) {
      for (TensorRef& ref : call.inputs) refs[ref.layer].of_calls.push_back(&ref);
    }
  }
  for (TensorRef& ref : model_outputs) refs[ref.layer].of_outputs.push_back(&ref);
  for (std::size_t i = 0; i < layers_.size(); ++i) {
    if (!is_model(layers_[i].class_name)) continue;
    const Refs& found = refs[layers_[i].name];
    leave_out_own_call(found.of_calls, calls_[i].size(), !keras_3);
    leave_out_own_call(found.of_outputs, calls_[i].size(), !keras_3 || layers_[i].class_name != "Sequential");
  }
}

std::size_t CallGraph::layer(const std::string& name, const std::string& place) const {
  const auto found = index_.find(name);
  if (found == index_.end()) throw Error(place + ": refers to '" + printable(name) + "', which is not in the model");
  return found->second;
}

CallGraph::Node CallGraph::find(const TensorRef& ref, const std::string& place) const {
  const std::size_t number = layer(ref.layer, place);
  const std::size_t calls = calls_[number].size();
  if (calls == 1) return {number, 0};
  if (static_cast<std::size_t>(ref.call) < calls) return {number, static_cast<std::size_t>(ref.call)};
  throw Error(place + ": reads call " + std::to_string(ref.call) + " of layer '" + printable(ref.layer) +
              "', which has " + std::to_string(calls));
}

std::vector<CallGraph::Node> CallGraph::in_order() const {
  std::map<Node, std::vector<Node>> readers;
  std::map<Node, std::size_t> missing;
  std::vector<Node> order;  // those at the end wait for their readers to be looked at
  for (std::size_t i = 0; i < layers_.size(); ++i) {
    for (std::size_t call = 0; call < calls_[i].size(); ++call) {
      const auto& inputs = calls_[i][call].inputs;
      for (const TensorRef& ref : inputs) readers[find(ref, layers_[i].place)].push_back({i, call});
      missing[{i, call}] = inputs.size();
      if (inputs.empty()) order.push_back({i, call});
    }
  }
  for (std::size_t done = 0; done < order.size(); ++done) {
    for (const Node& reader : readers[order[done]]) {
      if (--missing[reader] == 0) order.push_back(reader);
    }
  }
  for (const auto& [node, count] : missing) {
    if (count > 0) throw Error(layers_[node.layer].place + ": is part of a cycle");
  }
  return order;
}

}  // namespace fovea::keras
