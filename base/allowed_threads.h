// How many threads this process may use.
#pragma once

#include <fovea/export.h>

namespace fovea {

/// CPUs this process may use: the affinity mask, further limited by the cgroup's CPU quota (v1 and v2). At least 1.
FOVEA_API int allowed_threads() noexcept;

}  // namespace fovea
