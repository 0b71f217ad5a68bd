// What the host brings: threads, and the wish to end.
#include <fovea/cancel.h>
#include <fovea/executor.h>

#include "bindings/c/model_options.h"
#include "bindings/c/objects.h"
#include "bindings/c/structs.h"

namespace fovea::c {

FOVEA_FIELDS(fovea_executor_options, offsetof(fovea_executor_options, data), offsetof(fovea_executor_options, run),
             offsetof(fovea_executor_options, release), offsetof(fovea_executor_options, threads),
             offsetof(fovea_executor_options, reserved));

namespace {

class HostExecutor final : public Executor {
 public:
  explicit HostExecutor(const fovea_executor_options& host) : host_(host) {}
  ~HostExecutor() override {
    if (host_.release != nullptr) host_.release(host_.data);
  }
  HostExecutor(const HostExecutor&) = delete;
  HostExecutor& operator=(const HostExecutor&) = delete;

  int threads() const override { return host_.threads; }
  void run(int tasks, const Task& task) override { host_.run(host_.data, tasks, {task.state, task.loop}); }

 private:
  fovea_executor_options host_;
};

}  // namespace

Threading threading_from_c(const fovea_threading& threading) {
  switch (number_in(threading)) {
    case FOVEA_THREADING_AUTOMATIC:
      return Threading::automatic;
    case FOVEA_THREADING_TEAM:
      return Threading::team;
    case FOVEA_THREADING_OPENMP:
      return Threading::openmp;
    default:
      refuse("threading is " + std::to_string(number_in(threading)));
  }
}

std::shared_ptr<Executor> executor_from_c(const fovea_executor* executor) {
  return executor == nullptr ? nullptr : behind(executor);
}

}  // namespace fovea::c

using namespace fovea::c;

void fovea_task_run(fovea_task task, int32_t index) noexcept {
  fovea::Task wanted;
  wanted.state = task.state;
  wanted.loop = task.loop;
  wanted(index);
}

fovea_status fovea_executor_create(const fovea_executor_options* options, fovea_executor** executor) noexcept {
  return make_handle(executor, "executor", [&] {
    const fovea_executor_options given = read_struct(options);
    if (given.run == nullptr) refuse("fovea_executor_options.run is NULL");
    if (given.threads < 1 || given.threads > kMostThreads) {
      refuse("fovea_executor_options.threads is " + std::to_string(given.threads) + ", must be 1 to 1024");
    }
    if (given.reserved != 0) refuse("fovea_executor_options.reserved is not 0");
    return std::make_unique<std::shared_ptr<fovea::Executor>>(std::make_shared<HostExecutor>(given));
  });
}

fovea_status fovea_executor_free(fovea_executor* executor) noexcept { return free_handle(executor); }

fovea_status fovea_cancel_create(fovea_cancel** cancel) noexcept {
  return make_handle(cancel, "cancel", [] { return std::make_unique<fovea::CancelSource>(); });
}

fovea_status fovea_cancel_now(fovea_cancel* cancel) noexcept {
  return guarded([&] { behind(cancel).cancel(); });
}

fovea_status fovea_cancel_free(fovea_cancel* cancel) noexcept { return free_handle(cancel); }
