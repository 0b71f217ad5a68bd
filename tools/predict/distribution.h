// The chart of how often each grade was given.
#pragma once

#include <string>

#include <fovea/card.h>
#include "tools/common/drawing/drawing.h"
#include "tools/common/grade/labels.h"

namespace fovea::tools {

/// One bar a grade, referable ones in another colour; of many grades, the most frequent.
Drawing distribution_drawing(const ModelCard& card, const Counts& counts, const std::string& model_file);

}  // namespace fovea::tools
