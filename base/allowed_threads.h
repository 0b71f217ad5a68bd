// How many threads this process may use.
#pragma once

#include <string>

#include <fovea/export.h>

namespace fovea {

/// CPUs this process may use: the affinity mask, further limited by the cgroup's CPU quota (v1 and v2). At least 1.
FOVEA_API int allowed_threads() noexcept;

/// CPUs that the quotas of a process's control groups add up to, 0 for no limit: `membership` is its /proc/PID/cgroup,
/// the hierarchies are mounted at `root`.
double cgroup_cpus(const std::string& membership, const std::string& root);

}  // namespace fovea
