// How a model file is read by programs that grade pictures.
#pragma once

#include <fovea/card.h>
#include <fovea/keras.h>
#include "grading/pipeline/model_arguments.h"

namespace fovea::tools {

/// What --layers is for, in the help of every tool that has it.
inline constexpr const char* kLayersHelp = "what to run in place of Lambda and own layers, by name: docs/layers.md";

/// The architecture and the replaced layers as the arguments give them; where the model leaves the size of its input
/// open, that to which the card resizes pictures.
KerasOptions keras_options(const ModelArguments& arguments, const ModelCard& card);

/// Throws Error if there is an option that says how to read the pack file `path`, which holds its network.
void refuse_for_pack_file(const std::string& path, const KerasOptions& options);

}  // namespace fovea::tools
