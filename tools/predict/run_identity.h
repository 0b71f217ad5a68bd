// All that the results of a run depend on: only a run with the same identity may go on with its journal.
#pragma once

#include <vector>

#include <fovea/card.h>
#include <fovea/model.h>
#include "tools/common/input/input_list.h"
#include "tools/predict/arguments.h"
#include "tools/predict/journal_format.h"

namespace fovea::tools {

/// Threads, batch and what is printed are no part of it, nor is the choice between instruction sets that give the same
/// bits. A new option that changes a result must be added here.
RunIdentity run_identity(const BatchPredictArguments& arguments, const Model& model, const ModelCard& card,
                         const std::vector<InputItem>& items);

}  // namespace fovea::tools
