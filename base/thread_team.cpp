// The loop's protocol: the caller writes the job, opens it and moves the epoch on; whoever sees that joins (`active`),
// works if the job is still open, and leaves. The caller closes the job when no index is left, and waits only for
// those who joined. A worker joins before it looks whether the job is open and the caller closes before it looks who
// joined, all in sequentially consistent order: so a worker either works before the caller goes on, or not at all.
#include "base/thread_team.h"

#include <sched.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

#include <fovea/error.h>
#include "base/executor_loop.h"
#include "base/float_mode.h"
#include "base/pause.h"
#include "base/ranges.h"
#include "base/signals_blocked.h"

namespace fovea {

namespace {

using std::chrono::steady_clock;

// How long a worker waits awake for the next loop of a run: longer than the longest task of a layer.
constexpr auto kAwake = std::chrono::microseconds(1000);
constexpr int kPauses = 100;  // between two looks at the clock; then others may have the CPU

constexpr std::size_t kCacheLine = 64;

// Waits until `value` differs from `old`: awake while `awake` says so and kAwake has not passed, then asleep.
template <class T>
void wait_for_change(const std::atomic<T>& value, T old, const std::atomic<bool>& awake) noexcept {
  const auto begin = steady_clock::now();
  while (awake.load(std::memory_order_relaxed)) {
    for (int i = 0; i < kPauses; ++i) {
      if (value.load() != old) return;
      pause_processor();
    }
    if (steady_clock::now() - begin > kAwake) break;
    sched_yield();
  }
  value.wait(old);
}

}  // namespace

struct ThreadTeam::Shared {
  explicit Shared(int threads) : ranges(threads) {
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
        float_mode.set();
        work(thread);
      }
      if (active.fetch_sub(1) == 1) active.notify_all();
    }
  }

  void work(int thread) noexcept { ranges.work(thread, function, context, *cancelled); }

  void wait_for_workers() noexcept {
    for (int joined = active.load(); joined != 0; joined = active.load()) wait_for_change(active, joined, running);
  }

  LoopBody function = nullptr;
  const void* context = nullptr;
  const std::atomic<bool>* cancelled = nullptr;
  FloatRegisters float_mode{};
  Ranges ranges;
  alignas(kCacheLine) std::atomic<std::uint32_t> epoch{0};
  alignas(kCacheLine) std::atomic<int> active{0};
  alignas(kCacheLine) std::atomic<bool> open{false};
  std::atomic<bool> running{false}, stopping{false};
  std::vector<std::thread> workers;
  const pid_t process = ::getpid();
  Shared* inherited_before = nullptr;  // of a process made by fork
};

// The same for a host's executor, whose threads a process made by fork does not have.
struct ThreadTeam::Lent {
  Lent(std::shared_ptr<Executor> executor, int threads) : ranges(threads), loop(std::move(executor), threads) {}

  Ranges ranges;
  ExecutorLoop loop;
  const pid_t process = ::getpid();
};

ThreadTeam::ThreadTeam(int threads) : threads_(threads) {
  if (threads > 1) shared_ = std::make_unique<Shared>(threads);
}

ThreadTeam::ThreadTeam(const ThreadChoice& choice) {
  const ThreadChoice whole = settled(choice);
  threads_ = whole.threads;
  if (threads_ == 1) return;
  if (whole.executor != nullptr) {
    lent_ = std::make_unique<Lent>(whole.executor, threads_);
  } else {
    shared_ = std::make_unique<Shared>(threads_);
  }
}

// In a process made by fork the workers are not there: nothing is left to be waited for, and what they leave behind,
// which cannot be taken apart, is kept within reach.
ThreadTeam::~ThreadTeam() {
  if (!shared_ || shared_->process == ::getpid()) return;
  static std::atomic<Shared*> inherited{nullptr};
  Shared* const kept = shared_.release();
  kept->inherited_before = inherited.exchange(kept);
}

const std::atomic<bool> ThreadTeam::kGoOn{false};

void ThreadTeam::for_each(std::int64_t count, LoopBody function, const void* context) noexcept {
  if (stop_->load(std::memory_order_relaxed)) return;
  if (count > 1 && shared_) return share(count, function, context);
  if (count > 1 && lent_ && lent_->process == ::getpid()) {
    lent_->ranges.reset(count);
    return lent_->loop.run(count, lent_->ranges, function, context, *stop_);
  }
  for (std::int64_t i = 0; i < count && !stop_->load(std::memory_order_relaxed); ++i) function(context, i, 0);
}

void ThreadTeam::share(std::int64_t count, LoopBody function, const void* context) noexcept {
  Shared& s = *shared_;
  s.function = function;
  s.context = context;
  s.cancelled = stop_;
  s.float_mode = FloatRegisters::current();
  s.ranges.reset(count);
  s.open = true;
  s.call();
  s.work(0);
  s.open = false;
  s.wait_for_workers();
}

void ThreadTeam::check() const {
  if (stop_->load(std::memory_order_relaxed)) throw Cancelled("cancelled");
  if (lent_) lent_->loop.check();
}

ThreadTeam::Run::Run(ThreadTeam& team, const CancelToken& cancel) noexcept : team_(team), before_(team.stop_) {
  if (cancel.flag() != nullptr) team_.stop_ = cancel.flag();
  if (team_.shared_) team_.shared_->running = true;
}
ThreadTeam::Run::~Run() {
  team_.stop_ = before_;
  if (team_.shared_) team_.shared_->running = false;
}

}  // namespace fovea
