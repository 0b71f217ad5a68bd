// Models whose maps are channels first, as models whose maps are channels last.
#pragma once

#include "loaders/keras/architecture.h"

namespace fovea::keras {

/// If any layer says data_format = channels_first: turns the model into one that computes the same on inputs
/// {height, width, channels}, and gives maps in that order as well. Kernels stay as they are, they are the same in both
/// forms; where values are put in a row, the order is that of Keras. Throws UnsupportedError("<place>: ...") naming the
/// layer that it cannot turn. True if it was such a model.
bool to_channels_last(Architecture& architecture, const std::string& place);

}  // namespace fovea::keras
