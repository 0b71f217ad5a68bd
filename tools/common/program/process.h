// How a tool behaves as a process: it survives closed streams, and stops cleanly when asked to.
#pragma once

#include <atomic>
#include <stdexcept>
#include <string>

namespace fovea::tools {

/// An exception that nothing can catch (memory gives out within a library's noexcept function) ends the process with
/// one line, "TOOL: not enough memory", and exit code 2, in place of an abort.
void end_with_a_line();

/// Calls `end_with_a_line`, bounds what the heap keeps, ignores SIGPIPE, gives closed standard streams to /dev/null (a
/// result file must never become descriptor 1 or 2), and from now on turns the first SIGINT, SIGTERM or SIGHUP into
/// `stop_requested`; the second one, whichever it is, ends the process.
void prepare_process();

/// Set by the first signal.
const std::atomic<bool>& stop_requested();

/// 128 + the number of the first signal, as shells have it: 130 for SIGINT, 143 for SIGTERM.
int signal_exit_code();

/// Thrown by a tool to unwind after `stop_requested`; says what was done and how to go on.
class Interrupted : public std::runtime_error {
 public:
  explicit Interrupted(const std::string& message = "interrupted, no result was written")
      : std::runtime_error(message) {}
};

}  // namespace fovea::tools
