// What model-pack does.
#pragma once

#include "tools/model_pack/arguments.h"

namespace fovea::tools {

/// Reads the model and its card, writes the pack file aside, reads it back and publishes it. Returns the exit code;
/// throws Error, or Interrupted.
int pack_model(const ModelPackArguments& arguments);

}  // namespace fovea::tools
