// How a tool behaves as a process: it survives closed streams, and stops cleanly when asked to.
#include "tools/common/process.h"

#include <fcntl.h>
#include <malloc.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>

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

// A picture's buffers are freed and asked for again with the next one. Left to itself the allocator hands them back
// each time, and the system clears every page anew: 6 % of the time of a run. One arena, as they are few and large.
void keep_freed_memory() {
  mallopt(M_MMAP_THRESHOLD, 1 << 30);
  mallopt(M_TRIM_THRESHOLD, 512 << 20);
  mallopt(M_ARENA_MAX, 1);
}

}  // namespace

void prepare_process() {
  keep_freed_memory();
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
