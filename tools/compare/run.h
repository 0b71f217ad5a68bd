// One comparison from its command line to its files.
#pragma once

#include "tools/compare/arguments.h"

namespace fovea::tools {

/// Returns the exit code. Throws Error, Interrupted.
int benchmark_compare(CompareArguments arguments);

}  // namespace fovea::tools
