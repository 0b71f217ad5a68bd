// grade-server from its arguments to its end.
#pragma once

#include "tools/serve/arguments.h"

namespace fovea::tools {

/// Serves until a signal asks it to stop, or does what shall be done instead. Returns the exit code. Throws Error.
int run_server(ServeArguments arguments);

}  // namespace fovea::tools
