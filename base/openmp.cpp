// A parallel region for each loop. How long OpenMP's threads wait awake between two is its own affair
// (OMP_WAIT_POLICY), and within a region of the host's it gives one thread, which then does all tasks.
#include "base/openmp.h"

#include <fovea/error.h>

#ifdef FOVEA_OPENMP
#include <omp.h>
#include <unistd.h>

#include <algorithm>

#include "base/signals_blocked.h"

namespace fovea {

namespace {

const pid_t loaded_by = ::getpid();

// OpenMP keeps a pool for each thread that opens regions, and starts threads where a region needs more than it has:
// they inherit the signals that are blocked.
void start_threads(int threads) {
  thread_local int started = 1;
  if (started >= threads) return;
  const SignalsBlocked blocked;
#pragma omp parallel num_threads(threads)
  {}
  started = threads;
}

class OpenMp final : public Executor {
 public:
  int threads() const override { return std::max(1, omp_get_max_threads()); }
  void run(int tasks, const Task& task) override {
    start_threads(tasks);
    // Each task is run whatever number of threads OpenMP gives.
#pragma omp parallel for schedule(static, 1) num_threads(tasks)
    for (int i = 0; i < tasks; ++i) task(i);
  }
};

}  // namespace

bool has_openmp() noexcept { return true; }

std::shared_ptr<Executor> openmp_executor() {
  if (::getpid() != loaded_by) {
    throw Error(
        "threading 'openmp' does not work in a process made by fork, where OpenMP's threads are missing; 'team' does");
  }
  return std::make_shared<OpenMp>();
}

}  // namespace fovea
#else
namespace fovea {

bool has_openmp() noexcept { return false; }

std::shared_ptr<Executor> openmp_executor() {
  throw Error("threading 'openmp' is not in this build of fovea; 'team' is");
}

}  // namespace fovea
#endif
