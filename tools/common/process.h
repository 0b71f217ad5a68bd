// How a tool behaves as a process: it survives closed streams, and stops cleanly when asked to.
#pragma once

#include <atomic>
#include <stdexcept>

namespace fovea::tools {

/// Ignores SIGPIPE, gives closed standard streams to /dev/null (a result file must never become descriptor 1 or 2), and
/// from now on turns the first SIGINT, SIGTERM or SIGHUP into `stop_requested`; the second one ends the process.
void prepare_process();

/// Set by the first signal.
const std::atomic<bool>& stop_requested();

/// Thrown by a tool to unwind after `stop_requested`.
class Interrupted : public std::runtime_error {
 public:
  Interrupted() : std::runtime_error("interrupted, no result was written") {}
};

/// Ends the process by the signal that came, as its parent expects.
[[noreturn]] void die_of_signal();

}  // namespace fovea::tools
