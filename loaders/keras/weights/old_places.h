// Where Keras 2.12 and 2.13 save the layers of a `.keras`: under other numbers than later versions.
#pragma once

#include <map>
#include <set>
#include <string>

#include "loaders/keras/config/architecture.h"

namespace fovea::keras {

/// The group that Keras 2.12 and 2.13 saved layers in.
inline constexpr const char* kOldLayers = "_layer_checkpoint_dependencies";

/// From each ConfigNode::saved_at that has variables to its place in the file that holds `tensors`.
std::map<std::string, std::string> old_places(const std::set<std::string>& tensors, const Architecture& architecture);

}  // namespace fovea::keras
