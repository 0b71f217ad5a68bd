// lent MODEL: a host's pool of threads loads models and runs sessions, several at a time; and broken pools are errors.
#include <atomic>
#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

#include "bits.h"

namespace {

// As simple as a pool can be; the caller helps, so that a pool that is busy holds nobody up.
class Pool final : public fovea::Executor {
 public:
  explicit Pool(int workers) {
    for (int i = 0; i < workers; ++i) threads_.emplace_back([this] { work(true); });
  }
  ~Pool() override {
    {
      const std::lock_guard lock(mutex_);
      ending_ = true;
    }
    changed_.notify_all();
    for (std::thread& thread : threads_) thread.join();
  }

  int threads() const override { return static_cast<int>(threads_.size()) + 1; }
  void run(int tasks, const fovea::Task& task) override {
    std::atomic<int> left{tasks};
    {
      const std::lock_guard lock(mutex_);
      for (int i = 0; i < tasks; ++i) {
        jobs_.emplace_back([task, i, &left] {
          task(i);
          --left;
        });
      }
    }
    changed_.notify_all();
    work(false);
    while (left > 0) std::this_thread::yield();
    ran += tasks;
  }

  std::atomic<int> ran{0};

 private:
  void work(bool waits) {
    for (;;) {
      std::function<void()> job;
      {
        std::unique_lock lock(mutex_);
        while (waits && jobs_.empty() && !ending_) changed_.wait(lock);
        if (jobs_.empty()) return;
        job = std::move(jobs_.front());
        jobs_.pop_front();
      }
      job();
    }
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::function<void()>> jobs_;
  std::vector<std::thread> threads_;
  bool ending_ = false;
};

struct Broken final : fovea::Executor {
  explicit Broken(int times) : times_(times) {}
  int threads() const override { return 3; }
  void run(int tasks, const fovea::Task& task) override {
    for (int i = 0; i < times_ * tasks; ++i) task(i % tasks);
  }
  int times_;
};

bool is_refused(const std::shared_ptr<const fovea::Model>& model, int times, const char* reason) {
  fovea::Session session(model, {.executor = std::make_shared<Broken>(times)});
  fill(session);
  try {
    session.run();
  } catch (const fovea::Error& error) {
    return std::string(error.what()).find(reason) != std::string::npos;
  }
  return false;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  const std::string expected = answer(argv[1]);
  const auto pool = std::make_shared<Pool>(3);
  const auto model = fovea::load_model(argv[1], {.load = {.executor = pool}});
  if (pool->ran == 0) return 3;
  std::atomic<int> wrong{0};
  std::vector<std::thread> hosts;
  for (int i = 0; i < 4; ++i) {
    hosts.emplace_back([&] {
      fovea::Session session(model, {.executor = pool});
      fill(session);
      for (int run = 0; run < 5; ++run) {
        session.run();
        if (bits_of(session) != expected) ++wrong;
      }
    });
  }
  for (std::thread& host : hosts) host.join();
  if (!is_refused(model, 0, "did not run task") || !is_refused(model, 2, "ran a task twice")) return 4;
  std::puts(expected.c_str());
  return wrong == 0 ? 0 : 1;
}
