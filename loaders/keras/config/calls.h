// How Keras writes the calls that connect layers: `inbound_nodes` in the forms of Keras 2 and Keras 3.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <fovea/layer_config.h>

namespace fovea::keras {

/// Output number `index` of call number `call` of the layer called `layer` in the same model.
struct TensorRef {
  std::string layer;
  std::int64_t index = 0;
  std::int64_t call = 0;
};

/// One call of a layer. `arguments` holds what else was passed and could change the result: constants, masks,
/// `training=True`. Empty for the usual call.
struct Call {
  std::vector<TensorRef> inputs;
  std::vector<std::string>
      passed_as;            ///< for each of them its key in a dictionary, or its argument: "argument 0", "x2"
  bool dictionary = false;  ///< the inputs came as one: `passed_as` are its keys
  AttributeMap arguments;

  void add(TensorRef ref, const std::string& as) {
    inputs.push_back(std::move(ref));
    passed_as.push_back(as);
  }
};

/// True if a layer's calls are listed as Keras 3 does it; `entry` is the layer's.
bool has_keras_3_calls(const AttributeMap& entry);

/// The calls in a layer's `inbound_nodes`; throws Error("<place>: ..."). Of an operation tensors among the keyword
/// arguments are inputs as well.
std::vector<Call> parse_calls(const Attribute& inbound_nodes, bool operation, const std::string& place);

/// A model's `input_layers` or `output_layers`: one reference, a list, or a dictionary of them, whose keys Keras sorts.
struct References {
  std::vector<TensorRef> all;
  std::vector<std::string> keys;  ///< of a dictionary
};
References parse_references(const Attribute& value, const std::string& place);

}  // namespace fovea::keras
