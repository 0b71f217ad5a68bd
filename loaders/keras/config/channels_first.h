// Models whose maps are channels first, as models whose maps are channels last.
#pragma once

#include "loaders/keras/config/architecture.h"

namespace fovea::keras {

/// If layers say data_format = channels_first: turns the model into one that computes the same on inputs
/// {height, width, channels}, and gives maps in that order as well. Kernels stay as they are, they are the same in both
/// forms; where values are put in a row, the order is that of Keras. A model that is channels last itself, by the first
/// layers after its inputs, keeps its inputs and turns what those layers read alone. Throws
/// UnsupportedError("<place>: ...") naming the layer that it cannot turn. True if the inputs were channels first.
bool to_channels_last(Architecture& architecture, const std::string& place, bool keras_1);

}  // namespace fovea::keras
