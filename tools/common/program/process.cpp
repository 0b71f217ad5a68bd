// How a tool behaves as a process: it survives closed streams, and stops cleanly when asked to.
#include "tools/common/program/process.h"

#include <fcntl.h>
#include <malloc.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <new>

#include "tools/common/program/exit_code.h"
#include "tools/common/program/large_blocks.h"

namespace fovea::tools {

namespace {

std::atomic<bool> stop{false};
std::atomic<int> received{0};
static_assert(std::atomic<bool>::is_always_lock_free && std::atomic<int>::is_always_lock_free, "used in a handler");

void on_signal(int number) {
  int none = 0;
  if (received.compare_exchange_strong(none, number)) {
    stop = true;
  } else {
    std::signal(number, SIG_DFL);
    std::raise(number);  // comes when this handler returns
  }
}

// Allocates nothing.
[[noreturn]] void on_terminate() noexcept {
  const char* reason = "an unexpected error";
  try {
    if (const std::exception_ptr thrown = std::current_exception()) std::rethrow_exception(thrown);
  } catch (const std::bad_alloc&) {
    reason = "not enough memory";
  } catch (...) {
  }
  const std::array<const char*, 4> line{program_invocation_short_name, ": ", reason, "\n"};
  for (const char* part : line) {
    [[maybe_unused]] const ssize_t ignored = ::write(STDERR_FILENO, part, std::strlen(part));
  }
  std::_Exit(kExitError);
}

// What C libraries allocate for a picture goes back to the system with it. A limit that is set stays as it is: moved up
// with what is freed, as it is otherwise, it lets large blocks tear the heap to pieces.
void bound_heap() { mallopt(M_MMAP_THRESHOLD, static_cast<int>(kLargeBlock)); }

}  // namespace

void end_with_a_line() { std::set_terminate(on_terminate); }

void prepare_process() {
  end_with_a_line();
  bound_heap();
  for (int descriptor = 0; descriptor <= 2; ++descriptor) {
    // The lowest free descriptor is taken, and it is this one.
    if (::fcntl(descriptor, F_GETFD) < 0 && ::open("/dev/null", O_RDWR) < 0) std::_Exit(2);
  }
  std::signal(SIGPIPE, SIG_IGN);
  struct sigaction action {};
  action.sa_handler = on_signal;
  action.sa_flags = SA_RESTART;
  for (const int number : {SIGINT, SIGTERM, SIGHUP}) {
    struct sigaction before {};
    // What the parent has set to be ignored (nohup) stays so.
    if (::sigaction(number, nullptr, &before) == 0 && before.sa_handler != SIG_IGN) {
      ::sigaction(number, &action, nullptr);
    }
  }
}

const std::atomic<bool>& stop_requested() { return stop; }

int signal_exit_code() { return 128 + (received != 0 ? received.load() : SIGTERM); }

}  // namespace fovea::tools
