// The ways in which model-info prints what it was told.
#pragma once

#include <string>

#include <fovea/model_info.h>

namespace fovea::tools {

/// A table as Keras' summary() prints it, with totals and memory.
std::string info_text(const ModelInfo& info);
/// The network as a picture for Graphviz.
std::string info_dot(const ModelInfo& info);

}  // namespace fovea::tools
