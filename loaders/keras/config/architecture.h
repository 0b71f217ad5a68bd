// A Keras model configuration as a flat list of layers, nested models put in place. Names no layer but InputLayer.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include <fovea/layer_config.h>

namespace fovea::keras {

/// One layer that computes something (or an input), after nested models were put in place.
struct ConfigNode {
  std::string class_name;
  std::string name;      ///< unique in the whole model: "backbone/conv1"
  std::string own_name;  ///< within its own model: "conv1"
  AttributeMap attributes;
  std::vector<std::string> inputs;  ///< names of nodes
  bool trainable = true;            ///< its own flag and that of every model around it
  std::string saved_at = {};        ///< where Keras 3 saves it: "layers/functional/layers/conv2d_1"; "" = not known
  std::optional<std::size_t> shares = {};  ///< number of the node whose weights it uses: the same layer, called before
  bool replaced = false;                   ///< another layer runs in its place, which may need its weights
};

/// One entry of Keras' `model.layers`, which is what owns a group of weights in a file.
struct ConfigLayer {
  std::string name;
  std::string class_name;
  std::vector<std::size_t> nodes;  ///< one, or those of a nested model in its own order
};

struct Architecture {
  std::string name;
  std::vector<ConfigNode> nodes;
  std::vector<ConfigLayer> layers;
  std::vector<std::string> inputs, outputs;  ///< names of nodes
};

/// True if `value` looks like what `model.to_json()` or `model_config` hold.
bool is_model_config(const Attribute& value);

/// Reads a Sequential or Functional configuration of Keras 2 or 3. Throws Error("<place>: ...").
Architecture parse_architecture(const Attribute& config, const std::string& place);

}  // namespace fovea::keras
