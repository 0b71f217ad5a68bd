// What a host brings through the C interface: threads, files in memory, and the wish to end. No bit depends on it, and
// a host that breaks its promise gets an error.
#include <gtest/gtest.h>

#include <atomic>
#include <cstring>
#include <fstream>
#include <iterator>
#include <limits>
#include <thread>
#include <vector>

#include <fovea/fovea_c.h>
#include "tests/c/c_files.h"

namespace fovea::test {
namespace {

using HeldExecutor = Held<fovea_executor, fovea_executor_free>;
using HeldCancel = Held<fovea_cancel, fovea_cancel_free>;

/// How a host may run tasks, well or badly.
struct Host {
  enum class Way { in_order, by_threads, twice, none, wrong_number } way = Way::in_order;
  std::atomic<int> loops{0}, released{0};
  fovea_task last{};

  static void run(void* data, std::int32_t tasks, fovea_task task) {
    auto& host = *static_cast<Host*>(data);
    ++host.loops;
    host.last = task;
    if (host.way == Way::none) return;
    if (host.way == Way::wrong_number) fovea_task_run(task, -7);
    std::vector<std::thread> threads;
    for (std::int32_t i = 0; i < tasks; ++i) {
      if (host.way == Way::by_threads) {
        threads.emplace_back([task, i] { fovea_task_run(task, i); });
      } else {
        fovea_task_run(task, i);
      }
      if (host.way == Way::twice) fovea_task_run(task, i);
    }
    for (std::thread& thread : threads) thread.join();
  }
  static void release(void* data) { ++static_cast<Host*>(data)->released; }

  fovea_executor_options options() {
    fovea_executor_options options = FOVEA_EXECUTOR_OPTIONS_INIT;
    options.data = this;
    options.run = run;
    options.release = release;
    options.threads = 3;
    return options;
  }
};

constexpr int kImages = 8;  // of one the loops have a single task, which the caller runs

std::vector<float> outputs_with(fovea_executor* executor, fovea_status expected = FOVEA_OK,
                                fovea_threading threading = FOVEA_THREADING_AUTOMATIC) {
  HeldModel model;
  HeldSession session;
  fovea_session_options options = FOVEA_SESSION_OPTIONS_INIT;
  options.executor = executor;
  options.threading = threading;
  options.max_batch = kImages;
  EXPECT_EQ(fovea_model_load(CFiles::get().model().c_str(), nullptr, model.out()), FOVEA_OK);
  EXPECT_EQ(fovea_session_create(model, &options, session.out()), FOVEA_OK) << fovea_last_error();
  std::vector<float> input(kImages * kTinyFloats), output(kImages * kTinyOutputs);
  for (std::size_t i = 0; i < input.size(); ++i) input[i] = static_cast<float>(i % 11) / 11.0f;
  EXPECT_EQ(fovea_session_predict(session, kImages, input.data(), input.size(), output.data(), output.size()), expected)
      << fovea_last_error();
  return output;
}

TEST(CHost, ItsThreadsGiveTheSameBits) {
  const std::vector<float> expected = outputs_with(nullptr);
  EXPECT_EQ(outputs_with(nullptr, FOVEA_OK, FOVEA_THREADING_TEAM), expected);
  for (const Host::Way way : {Host::Way::in_order, Host::Way::by_threads}) {
    Host host;
    host.way = way;
    const fovea_executor_options options = host.options();
    {
      HeldExecutor executor;
      ASSERT_EQ(fovea_executor_create(&options, executor.out()), FOVEA_OK) << fovea_last_error();
      EXPECT_EQ(outputs_with(executor), expected);
      EXPECT_GT(host.loops, 0);
      EXPECT_EQ(host.released, 0);
    }
    EXPECT_EQ(host.released, 1);
    fovea_task_run(host.last, 0);  // long after everything
    fovea_task_run({nullptr, 0}, 0);
  }
}

TEST(CHost, BrokenPromisesAreErrors) {
  for (const Host::Way way : {Host::Way::none, Host::Way::twice, Host::Way::wrong_number}) {
    Host host;
    host.way = way;
    const fovea_executor_options options = host.options();
    HeldExecutor executor;
    ASSERT_EQ(fovea_executor_create(&options, executor.out()), FOVEA_OK);
    (void)outputs_with(executor, FOVEA_INVALID_ARGUMENT);
    fovea_model_options load = FOVEA_MODEL_OPTIONS_INIT;
    load.executor = executor;
    HeldModel model;
    EXPECT_EQ(fovea_model_load(CFiles::get().model().c_str(), &load, model.out()), FOVEA_REFUSED);
  }
}

TEST(CHost, AnExecutorsHandleMayGoBeforeItsSession) {
  Host host;
  const fovea_executor_options options = host.options();
  fovea_executor* executor = nullptr;
  HeldModel model;
  fovea_session* session = nullptr;
  ASSERT_EQ(fovea_executor_create(&options, &executor), FOVEA_OK);
  ASSERT_EQ(fovea_model_load(CFiles::get().model().c_str(), nullptr, model.out()), FOVEA_OK);
  fovea_session_options session_options = FOVEA_SESSION_OPTIONS_INIT;
  session_options.executor = executor;
  ASSERT_EQ(fovea_session_create(model, &session_options, &session), FOVEA_OK);
  EXPECT_EQ(fovea_executor_free(executor), FOVEA_OK);
  EXPECT_EQ(fovea_executor_free(executor), FOVEA_INVALID_HANDLE);
  EXPECT_EQ(host.released, 0);
  EXPECT_EQ(fovea_session_run(session, 1), FOVEA_OK);
  EXPECT_EQ(fovea_session_free(session), FOVEA_OK);
  EXPECT_EQ(host.released, 1);
  HeldSession none;
  EXPECT_EQ(fovea_session_create(model, &session_options, none.out()), FOVEA_INVALID_HANDLE);  // freed
  session_options.executor = reinterpret_cast<fovea_executor*>(static_cast<fovea_model*>(model));
  EXPECT_EQ(fovea_session_create(model, &session_options, none.out()), FOVEA_INVALID_HANDLE);  // a model
}

TEST(CHost, ExecutorsAndChoicesThatCannotBe) {
  Host host;
  const auto refused = [&](const auto& change) {
    fovea_executor_options options = host.options();
    change(options);
    HeldExecutor executor;
    EXPECT_EQ(fovea_executor_create(&options, executor.out()), FOVEA_INVALID_ARGUMENT);
    EXPECT_STRNE(fovea_last_error(), "");
  };
  refused([](fovea_executor_options& options) { options.run = nullptr; });
  refused([](fovea_executor_options& options) { options.struct_size = 0; });
  for (const int threads : {0, -1, 1025, std::numeric_limits<int>::max()}) {
    refused([&](fovea_executor_options& options) { options.threads = threads; });
  }
  EXPECT_EQ(host.released, 0);
  HeldExecutor executor;
  EXPECT_EQ(fovea_executor_create(nullptr, executor.out()), FOVEA_INVALID_ARGUMENT);
  const fovea_executor_options good = host.options();
  EXPECT_EQ(fovea_executor_create(&good, nullptr), FOVEA_INVALID_ARGUMENT);
  EXPECT_EQ(fovea_cancel_create(nullptr), FOVEA_INVALID_ARGUMENT);
  EXPECT_EQ(fovea_cancel_now(nullptr), FOVEA_INVALID_HANDLE);
  const int wrong = 77;
  fovea_model_options load = FOVEA_MODEL_OPTIONS_INIT;
  std::memcpy(&load.threading, &wrong, sizeof(wrong));
  HeldModel model;
  EXPECT_EQ(fovea_model_load(CFiles::get().model().c_str(), &load, model.out()), FOVEA_INVALID_ARGUMENT);
  load = FOVEA_MODEL_OPTIONS_INIT;
  load.threads = 2000;
  EXPECT_EQ(fovea_model_load(CFiles::get().model().c_str(), &load, model.out()), FOVEA_INVALID_ARGUMENT);
}

TEST(CHost, ALoadTellsHowFarItIsAndMayBeEnded) {
  struct Watch {
    double last = -1;
    bool falls = false;
    fovea_cancel* cancel = nullptr;
  } watch;
  fovea_model_options options = FOVEA_MODEL_OPTIONS_INIT;
  options.progress_data = &watch;
  options.progress = [](void* data, double share) {
    auto& seen = *static_cast<Watch*>(data);
    seen.falls = seen.falls || share < seen.last;
    seen.last = share;
    if (seen.cancel != nullptr) fovea_cancel_now(seen.cancel);
  };
  HeldModel model, ended;
  ASSERT_EQ(fovea_model_load(CFiles::get().model().c_str(), &options, model.out()), FOVEA_OK) << fovea_last_error();
  EXPECT_EQ(watch.last, 1);
  EXPECT_FALSE(watch.falls);

  HeldCancel cancel;
  ASSERT_EQ(fovea_cancel_create(cancel.out()), FOVEA_OK);
  options.cancel = watch.cancel = cancel;
  EXPECT_EQ(fovea_model_load(CFiles::get().model().c_str(), &options, ended.out()), FOVEA_CANCELLED)
      << fovea_last_error();

  HeldSession session;
  ASSERT_EQ(fovea_session_create(model, nullptr, session.out()), FOVEA_OK);
  EXPECT_EQ(fovea_session_run_until(session, 1, nullptr), FOVEA_OK);
  EXPECT_EQ(fovea_session_run_until(session, 1, cancel), FOVEA_CANCELLED);
  EXPECT_EQ(fovea_session_run_until(session, 2, nullptr), FOVEA_INVALID_ARGUMENT);
  EXPECT_EQ(fovea_session_run_until(session, 1, reinterpret_cast<fovea_cancel*>(&watch)), FOVEA_INVALID_HANDLE);
  EXPECT_EQ(fovea_session_run(session, 1), FOVEA_OK);
}

TEST(CHost, FilesInMemory) {
  std::ifstream file(CFiles::get().model(), std::ios::binary);
  const std::string bytes{std::istreambuf_iterator<char>(file), {}};
  HeldModel model, none;
  ASSERT_EQ(fovea_model_load_memory(bytes.data(), bytes.size(), "bundled", nullptr, model.out()), FOVEA_OK)
      << fovea_last_error();
  HeldSession session;
  EXPECT_EQ(fovea_session_create(model, nullptr, session.out()), FOVEA_OK);
  for (const std::size_t cut : {std::size_t{0}, std::size_t{1}, std::size_t{100}, bytes.size() / 2}) {
    EXPECT_EQ(fovea_model_load_memory(bytes.data(), cut, "cut", nullptr, none.out()), FOVEA_REFUSED);
    EXPECT_EQ(std::string(fovea_last_error()).rfind("cut", 0), 0u) << fovea_last_error();
  }
  EXPECT_EQ(fovea_model_load_memory(nullptr, 5, "x", nullptr, none.out()), FOVEA_INVALID_ARGUMENT);
  EXPECT_EQ(fovea_model_load_memory(bytes.data(), bytes.size(), nullptr, nullptr, none.out()), FOVEA_INVALID_ARGUMENT);
  EXPECT_EQ(fovea_model_load_memory(bytes.data(), bytes.size(), "x", nullptr, nullptr), FOVEA_INVALID_ARGUMENT);

  HeldCard card, wrong;
  ASSERT_EQ(fovea_card_parse(kTinyCard.data(), kTinyCard.size(), "inline", card.out()), FOVEA_OK) << fovea_last_error();
  EXPECT_EQ(fovea_card_check(card, model), FOVEA_OK) << fovea_last_error();
  EXPECT_EQ(fovea_card_parse("{", 1, "inline", wrong.out()), FOVEA_REFUSED);
  EXPECT_NE(std::string(fovea_last_error()).find("inline"), std::string::npos) << fovea_last_error();
  EXPECT_EQ(fovea_card_parse(nullptr, 1, "inline", wrong.out()), FOVEA_INVALID_ARGUMENT);
  EXPECT_EQ(fovea_card_parse("{}", 2, nullptr, wrong.out()), FOVEA_INVALID_ARGUMENT);
  EXPECT_EQ(fovea_card_parse("{}", 2, "inline", nullptr), FOVEA_INVALID_ARGUMENT);
}

}  // namespace
}  // namespace fovea::test
