// Architectures known by name, for files that hold weights only.
#pragma once

#include <string>
#include <vector>

#include "loaders/keras/config/architecture.h"

namespace fovea::keras {

/// What Keras builds as "resnet50" (ImageNet head) or "resnet50-notop", optionally with the
/// input's side: "resnet50:700" (default 224). `layer_names` are those of the weights file and decide between the layer
/// names of keras-applications before 2019 (`res2a_branch2a`, BN epsilon 1e-3) and today's (`conv2_block1_1_conv`,
/// epsilon 1.001e-5). Throws Error("<place>: ...").
Architecture builtin_architecture(const std::string& name, const std::vector<std::string>& layer_names,
                                  const std::string& place);

}  // namespace fovea::keras
