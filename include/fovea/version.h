// What this fovea is, and what it finds on this machine.
#pragma once

#include <string>
#include <vector>

#include <fovea/export.h>

namespace fovea {

/// "0.2.0"
FOVEA_API const char* version() noexcept;

/// Instruction sets built in and usable on this machine, best first ("avx512", "avx2", "portable"; on ARM "neon").
FOVEA_API std::vector<std::string> available_isas();

/// Threads this process may use: CPU affinity and the cgroup's quota, at least 1.
FOVEA_API int allowed_threads() noexcept;

}  // namespace fovea
