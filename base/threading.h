// Which threads a session or a load uses.
#pragma once

#include <memory>

#include <fovea/executor.h>

namespace fovea {

/// No session and no load takes more threads.
inline constexpr int kMaxThreads = 1024;

/// As the host asked for it, in the terms of SessionOptions and LoadOptions.
struct ThreadChoice {
  int threads = 0;
  Threading threading = Threading::automatic;
  std::shared_ptr<Executor> executor = nullptr;
};

/// The same with nothing left open: a number of threads, and the executor, if it is not a team of fovea's own. Throws
/// Error for a number out of range, an unknown FOVEA_THREADING, and OpenMP where it cannot be used.
ThreadChoice settled(ThreadChoice choice);

}  // namespace fovea
