// From joined lists to metrics.
#pragma once

#include "tools/compare/study/study.h"

namespace fovea::tools {

/// Fills sample and evaluation from the pairs, with the options in `study`. Throws Error if there is no pair.
void measure(Study& study);

/// Compares a second model's grades on the images that both have.
SecondModel measure_second(const Study& study, Predictions second, Findings& findings);

}  // namespace fovea::tools
