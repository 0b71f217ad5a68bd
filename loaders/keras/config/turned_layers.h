// Single layers that are channels first in a model that is channels last.
#pragma once

#include <string>

#include "loaders/keras/config/architecture.h"

namespace fovea::keras {

/// A layer that changes the order of dimensions: `a`, `b`, `c` are the input's, counted from 1.
ConfigNode permute_node(const std::string& name, const std::string& input, int a, int b, int c);

/// True if a layer's activation is softmax, which goes over the last dimension, whatever that holds.
bool has_softmax(const ConfigNode& node);

/// Puts every layer that says channels_first between two that turn its map, and says channels_last in its place. Throws
/// UnsupportedError("<place>: ...") naming a layer with which that cannot be done.
void turn_layers(Architecture& architecture, const std::string& place);

}  // namespace fovea::keras
