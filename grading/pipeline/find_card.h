// The model card that a command line asks for.
#pragma once

#include <fovea/card.h>
#include "grading/pipeline/model_arguments.h"

namespace fovea::tools {

/// A file or a preset, then single options over it. Its self-test is there if the model shall be examined. Throws Error
/// if nothing says what the model expects, or if there is no self-test and the command line insists on one.
ModelCard find_card(const ModelArguments& arguments);

}  // namespace fovea::tools
