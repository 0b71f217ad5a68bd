// What a program that holds fovea brings along for loading and building a model.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <memory_resource>

#include <fovea/cancel.h>
#include <fovea/executor.h>

namespace fovea {

/// Nothing of this changes a bit of the model.
struct LoadOptions {
  int threads = 0;  ///< 0 = those of the executor, or allowed_threads()
  Threading threading = Threading::automatic;
  std::shared_ptr<Executor> executor = nullptr;  ///< the host's threads, in place of `threading`
  /// Where weights are put, as the file has them and as they are packed; nullptr = the system's, in huge pages. It must
  /// outlive the model. If it has no more, that is an Error. Asked only by the thread that loads, released from any.
  std::pmr::memory_resource* memory = nullptr;
  CancelToken cancel = {};  ///< ends the load with Cancelled
  /// Told the share that is done, rising from 0 to 1, by the thread that loads. What it throws ends the load.
  std::function<void(double)> progress = nullptr;
  std::uint64_t most_stream_bytes = std::uint64_t{4} << 30;  ///< a stream that holds more is an Error
};

}  // namespace fovea
