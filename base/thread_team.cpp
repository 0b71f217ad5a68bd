// The loop's protocol: the caller writes the job, opens it and moves the epoch on; whoever sees that joins (`active`),
// works if the job is still open, and leaves. The caller closes the job when no index is left, and waits only for
// those who joined. A worker joins before it looks whether the job is open and the caller closes before it looks who
// joined, all in sequentially consistent order: so a worker either works before the caller goes on, or not at all.
#include "base/thread_team.h"

#include <immintrin.h>
#include <sched.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <csignal>
#include <system_error>
#include <thread>
#include <vector>

#include <fovea/error.h>

namespace fovea {

namespace {

using std::chrono::steady_clock;

// How long a worker waits awake for the next loop of a run: longer than the longest task of a layer.
constexpr auto kAwake = std::chrono::microseconds(1000);
constexpr int kPauses = 100;  // between two looks at the clock; then others may have the CPU

constexpr std::size_t kCacheLine = 64;

// The indices of one thread that are still to do.
struct alignas(kCacheLine) Range {
  std::atomic<std::int64_t> next{0};
  std::int64_t end = 0;
};

// Waits until `value` differs from `old`: awake while `awake` says so and kAwake has not passed, then asleep.
template <class T>
void wait_for_change(const std::atomic<T>& value, T old, const std::atomic<bool>& awake) noexcept {
  const auto begin = steady_clock::now();
  while (awake.load(std::memory_order_relaxed)) {
    for (int i = 0; i < kPauses; ++i) {
      if (value.load() != old) return;
      _mm_pause();
    }
    if (steady_clock::now() - begin > kAwake) break;
    sched_yield();
  }
  value.wait(old);
}

// Signals go to the threads of the program, not to workers.
class SignalsBlocked {
 public:
  SignalsBlocked() noexcept {
    sigset_t all;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before_);
  }
  ~SignalsBlocked() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
  SignalsBlocked(const SignalsBlocked&) = delete;
  SignalsBlocked& operator=(const SignalsBlocked&) = delete;

 private:
  sigset_t before_;
};

}  // namespace

struct ThreadTeam::Shared {
  explicit Shared(int threads) : ranges(static_cast<std::size_t>(threads)) {
    const SignalsBlocked blocked;
    try {
      for (int i = 1; i < threads; ++i) workers.emplace_back([this, i] { serve(i); });
    } catch (const std::system_error& error) {
      stop();
      throw Error("cannot start " + std::to_string(threads - 1) + " threads: " + error.what());
    }
  }
  ~Shared() { stop(); }
  Shared(const Shared&) = delete;
  Shared& operator=(const Shared&) = delete;

  void stop() noexcept {
    stopping = true;
    call();
    for (std::thread& worker : workers) worker.join();
    workers.clear();
  }

  void call() noexcept {
    epoch.fetch_add(1);
    epoch.notify_all();
  }

  void serve(int thread) noexcept {
    for (std::uint32_t seen = 0;;) {
      wait_for_change(epoch, seen, running);
      seen = epoch.load();
      if (stopping) return;
      active.fetch_add(1);
      if (open.load()) {
        _mm_setcsr(float_mode);
        work(thread);
      }
      if (active.fetch_sub(1) == 1) active.notify_all();
    }
  }

  // The thread's own range, then what is left of the others'.
  void work(int thread) noexcept {
    const std::size_t count = ranges.size();
    for (std::size_t i = 0; i < count; ++i) {
      Range& range = ranges[(static_cast<std::size_t>(thread) + i) % count];
      for (std::int64_t index = range.next.fetch_add(1, std::memory_order_relaxed); index < range.end;
           index = range.next.fetch_add(1, std::memory_order_relaxed)) {
        function(context, index, thread);
      }
    }
  }

  void wait_for_workers() noexcept {
    for (int joined = active.load(); joined != 0; joined = active.load()) wait_for_change(active, joined, running);
  }

  Function function = nullptr;
  const void* context = nullptr;
  unsigned float_mode = 0;
  std::vector<Range> ranges;
  alignas(kCacheLine) std::atomic<std::uint32_t> epoch{0};
  alignas(kCacheLine) std::atomic<int> active{0};
  alignas(kCacheLine) std::atomic<bool> open{false};
  std::atomic<bool> running{false}, stopping{false};
  std::vector<std::thread> workers;
  const pid_t process = ::getpid();
  Shared* inherited_before = nullptr;  // of a process made by fork
};

ThreadTeam::ThreadTeam(int threads) : threads_(threads) {
  if (threads > 1) shared_ = std::make_unique<Shared>(threads);
}

// In a process made by fork the workers are not there: nothing is left to be waited for, and what they leave behind,
// which cannot be taken apart, is kept within reach.
ThreadTeam::~ThreadTeam() {
  if (!shared_ || shared_->process == ::getpid()) return;
  static std::atomic<Shared*> inherited{nullptr};
  Shared* const kept = shared_.release();
  kept->inherited_before = inherited.exchange(kept);
}

void ThreadTeam::for_each(std::int64_t count, Function function, const void* context) noexcept {
  if (!shared_ || count <= 1) {
    for (std::int64_t i = 0; i < count; ++i) function(context, i, 0);
    return;
  }
  Shared& s = *shared_;
  s.function = function;
  s.context = context;
  s.float_mode = _mm_getcsr();
  for (int i = 0; i < threads_; ++i) {
    Range& range = s.ranges[static_cast<std::size_t>(i)];
    range.next.store(range_begin(count, i), std::memory_order_relaxed);
    range.end = range_begin(count, i + 1);
  }
  s.open = true;
  s.call();
  s.work(0);
  s.open = false;
  s.wait_for_workers();
}

ThreadTeam::Run::Run(ThreadTeam& team) noexcept : team_(team) {
  if (team_.shared_) team_.shared_->running = true;
}
ThreadTeam::Run::~Run() {
  if (team_.shared_) team_.shared_->running = false;
}

}  // namespace fovea
