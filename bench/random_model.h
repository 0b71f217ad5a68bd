// A built-in architecture with random weights, so that no file is needed to time it.
#pragma once

#include <string>

#include <fovea/model_desc.h>

namespace fovea::bench {

/// `architecture` as in loaders/keras/classes/builtin.h ("resnet50", "resnet50:700"). The weights are always the same
/// and keep activations in an ordinary range. Throws Error for an unknown name.
ModelDesc random_model(const std::string& architecture);

}  // namespace fovea::bench
