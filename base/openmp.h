// OpenMP's pool of threads as an executor.
#pragma once

#include <memory>

#include <fovea/executor.h>

namespace fovea {

/// Whether this build has it.
bool has_openmp() noexcept;

/// Throws Error where it is not built in, and in a process made by fork since the library was loaded: OpenMP's threads
/// are not there, and it would wait for them for ever.
std::shared_ptr<Executor> openmp_executor();

}  // namespace fovea
