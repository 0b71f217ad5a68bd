// The chart of how often each grade was given.
#pragma once

#include <string>

#include "loaders/card/card.h"
#include "tools/common/labels.h"
#include "tools/common/picture.h"

namespace fovea::tools {

/// One bar a grade, referable ones highlighted; of more grades than fit on a page, the most frequent.
BarChart distribution_chart(const ModelCard& card, const Counts& counts, const std::string& model_file);

}  // namespace fovea::tools
