// Builds a layer from its configuration. The list of layers is registry.def.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "layers/layer.h"

namespace fovea {

/// The layer for `config.class_name()`, all of its attributes and weights checked. nullptr if the class is unknown.
/// Throws Error, or UnsupportedError for an attribute value that is not implemented.
std::unique_ptr<Layer> make_layer(const LayerConfig& config);

/// Keras class names of all layers, sorted.
std::vector<std::string> layer_classes();

}  // namespace fovea
