// Threads: how many a process may use, and the one parallel loop. The only file besides its .cpp that knows OpenMP.
#pragma once

#include <cstdint>

#include "layers/export.h"

namespace fovea {

/// CPUs this process may use: the affinity mask, further limited by the cgroup's CPU quota (v1 and v2). At least 1.
FOVEA_API int allowed_threads() noexcept;

namespace detail {
void parallel_for(int threads, std::int64_t count, void (*body)(const void*, std::int64_t, int),
                  const void* context) noexcept;
}

/// Calls body(index, thread) for every index below `count`, from at most `threads` threads; `thread` is below `threads`
/// and tells apart bodies that run at the same time. Indices are handed out one by one, so bodies may differ in length;
/// results must not depend on which thread runs what. `body` must not throw. Returns when all are done.
template <class Body>
void parallel_for(int threads, std::int64_t count, const Body& body) noexcept {
  detail::parallel_for(
      threads, count,
      [](const void* context, std::int64_t index, int thread) { (*static_cast<const Body*>(context))(index, thread); },
      &body);
}

}  // namespace fovea
