// Runs the built layer-bench as a shell would, and keeps what it printed.
#pragma once

#include <string>
#include <vector>

#include "tests/tools/run_tool.h"

namespace fovea::test {

ToolResult layer_bench(const std::vector<std::string>& arguments);

}  // namespace fovea::test
