// How a model file is read by programs that grade pictures.
#pragma once

#include <string>

#include "loaders/card/card.h"
#include "loaders/keras/model.h"

namespace fovea::tools {

/// The architecture as the arguments give it; where the model leaves the size of its input open, that to which the card
/// resizes pictures.
KerasOptions keras_options(const std::string& config, const std::string& architecture, const ModelCard& card);

}  // namespace fovea::tools
