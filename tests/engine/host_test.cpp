// What a host decides changes no bit: its threads, its memory; it may end a run or a load; and its mistakes are errors.
#include <algorithm>
#include <map>
#include <memory_resource>
#include <stdexcept>

#include "tests/engine/networks.h"
#include "tests/support/executors.h"
#include "tests/support/layer_test.h"
#include "tests/support/refused.h"

namespace fovea::test {
namespace {

constexpr std::uint32_t kImage = 3;

std::vector<float> answer_of(Session& session, const ModelBuilder& net, const CancelToken& cancel = {}) {
  for (int i = 0; i < session.max_batch(); ++i) set_inputs(session, i, net.image(kImage));
  session.run(session.max_batch(), cancel);
  return outputs_of(session, session.max_batch() - 1);
}

std::vector<float> with_team(const ModelBuilder& net) {
  Session session(Model::create(net.desc()), {.threads = 2});
  return answer_of(session, net);
}

TEST(Host, ThreadsOfAnyKindGiveTheSameBits) {
  int loops_of_loads = 0;
  for (const ModelBuilder& net : {every_layer(), every_convolution(), random_network(7)}) {
    const auto want = with_team(net);
    for (const auto& run : {in_threads, in_order, backwards}) {
      const auto by = executor(3, run);
      const auto model = Model::create(net.desc(), {.load = {.executor = by}});
      loops_of_loads += by->loops.exchange(0);
      for (const int batch : {1, 3}) {
        Session session(model, {.max_batch = batch, .executor = by});
        EXPECT_EQ(session.threads(), 3);
        EXPECT_TRUE(same_bits(answer_of(session, net), want)) << "batch " << batch;
      }
      EXPECT_GT(by->loops, 0);
    }
    for (const std::string& name : available_threading()) {
      const Threading threading = parse_threading(name);
      const auto model = Model::create(net.desc(), {.load = {.threads = 3, .threading = threading}});
      for (const int threads : {1, 2, 3, 5}) {
        Session session(model, {.max_batch = 2, .threads = threads, .threading = threading});
        EXPECT_EQ(session.threads(), threads);
        EXPECT_TRUE(same_bits(answer_of(session, net), want)) << name << ", " << threads << " threads";
      }
    }
  }
  EXPECT_GT(loops_of_loads, 10) << "loads do not use the executor";
}

TEST(Host, EnvironmentChoosesTheThreads) {
  const ModelBuilder net = every_layer();
  const auto model = Model::create(net.desc());
  for (const std::string& name : available_threading()) {
    setenv("FOVEA_THREADING", name.c_str(), 1);
    Session session(model, {.threads = 2});
    EXPECT_TRUE(same_bits(answer_of(session, net), with_team(net)));
  }
  setenv("FOVEA_THREADING", "many", 1);
  refused([&] { Session(model, {.threads = 2}); }, "FOVEA_THREADING: threading 'many' is unknown");
  refused([&] { Model::create(net.desc()); }, "FOVEA_THREADING: threading 'many' is unknown");
  Session(model, {.threads = 2, .threading = Threading::team});  // what the host says comes first
  unsetenv("FOVEA_THREADING");
}

TEST(Host, BrokenExecutorsAreErrorsAndTheSessionGoesOn) {
  const ModelBuilder net = every_layer();
  const auto model = Model::create(net.desc());
  const auto want = with_team(net);
  for (const BrokenExecutor& broken : broken_executors()) {
    bool honest = false;
    const auto by =
        executor(3, [&](int tasks, const Task& task) { honest ? in_order(tasks, task) : broken.run(tasks, task); });
    refused([&] { Model::create(net.desc(), {.load = {.executor = by}}); }, broken.error.c_str());
    Session session(model, {.executor = by});
    for (int i = 0; i < 2; ++i) refused([&] { answer_of(session, net); }, broken.error.c_str());
    honest = true;
    EXPECT_TRUE(same_bits(answer_of(session, net), want)) << broken.name;
  }
  for (const int threads : {0, 1025}) {
    refused([&] { Session(model, {.executor = executor(threads, in_order)}); }, "threads; it must be 1 to 1024");
  }
}

// Two runs of one session at a time would write into each other's results.
TEST(Host, ASessionThatRunsIsNotRunAgain) {
  const ModelBuilder net = every_layer();
  const auto want = with_team(net);
  Session* running = nullptr;
  int refusals = 0;
  Session session(Model::create(net.desc()), {.executor = executor(2, [&](int tasks, const Task& task) {
                                                try {
                                                  running->run();
                                                } catch (const Error&) {
                                                  ++refusals;
                                                }
                                                in_order(tasks, task);
                                              })});
  running = &session;
  EXPECT_TRUE(same_bits(answer_of(session, net), want));
  EXPECT_GT(refusals, 5);
}

// A run is cancelled in each of its loops in turn; what comes after is as if it had not been.
TEST(Host, ARunEndsWhereverItIsCancelled) {
  const ModelBuilder net = every_layer();
  const auto model = Model::create(net.desc());
  const auto want = with_team(net);
  for (int at = 0;; ++at) {
    CancelSource source;
    int loop = 0;
    bool counting = true;
    Session session(model, {.executor = executor(2, [&](int tasks, const Task& task) {
                              task(0);
                              if (counting && loop++ == at) source.cancel();
                              for (int i = 1; i < tasks; ++i) task(i);
                            })});
    bool ended = false;
    try {
      answer_of(session, net, source.token());
    } catch (const Cancelled&) {
      ended = true;
    }
    counting = false;
    EXPECT_EQ(ended, at < loop);
    EXPECT_TRUE(same_bits(answer_of(session, net), want)) << at;
    if (!ended) {
      EXPECT_GT(at, 5);
      break;
    }
    EXPECT_EQ(loop, at + 1) << "it went on after it was cancelled";
    EXPECT_THROW(session.run(1, source.token()), Cancelled);
  }
}

TEST(Host, ALoadTellsHowFarItIsAndEndsWhereverItIsCancelled) {
  const ModelDesc desc = every_layer().desc();
  std::vector<double> told;
  Model::create(desc, {.load = {.progress = [&](double share) { told.push_back(share); }}});
  ASSERT_GT(told.size(), 5U);
  EXPECT_EQ(told.front(), 0);
  EXPECT_EQ(told.back(), 1);
  EXPECT_EQ(std::ranges::adjacent_find(told, std::ranges::greater_equal()), told.end());
  for (std::size_t at = 0; at + 1 < told.size(); ++at) {
    CancelSource source;
    std::size_t now = 0;
    const auto cancelling = [&](double) {
      if (now++ == at) source.cancel();
    };
    EXPECT_THROW(Model::create(desc, {.load = {.cancel = source.token(), .progress = cancelling}}), Cancelled);
    EXPECT_EQ(now, at + 1);
    const auto throwing = [&](double share) {
      if (share >= told[at]) throw std::length_error("enough");
    };
    EXPECT_THROW(Model::create(desc, {.load = {.progress = throwing}}), std::length_error);
  }
}

// Memory of a host's, which may be short of it or do worse.
class HostMemory final : public std::pmr::memory_resource {
 public:
  enum class Fault { none, full, null, crooked, throws };
  HostMemory() = default;
  HostMemory(int good, Fault fault) : good_(good), fault_(fault) {}

  int taken = 0, wrong = 0;
  std::map<void*, std::size_t> in_use;

 private:
  void* do_allocate(std::size_t bytes, std::size_t alignment) override {
    if (taken++ == good_) {
      if (fault_ == Fault::full) throw std::bad_alloc();
      if (fault_ == Fault::throws) throw std::runtime_error("the heap is sealed");
      if (fault_ == Fault::null) return nullptr;
    }
    if (alignment < 64) ++wrong;
    auto* at = static_cast<std::byte*>(std::pmr::new_delete_resource()->allocate(bytes + alignment, alignment));
    std::fill_n(at, bytes + alignment, std::byte{0xff});  // NaN, where nobody makes it zero
    if (fault_ == Fault::crooked && taken == good_ + 1) at += 16;
    in_use[at] = bytes;
    return at;
  }
  void do_deallocate(void* at, std::size_t bytes, std::size_t alignment) override {
    const auto found = in_use.find(at);
    if (found == in_use.end() || found->second != bytes) {
      ++wrong;
      return;
    }
    in_use.erase(found);
    auto* begin = static_cast<std::byte*>(at) - (reinterpret_cast<std::uintptr_t>(at) % 64);
    std::pmr::new_delete_resource()->deallocate(begin, bytes + alignment, alignment);
  }
  bool do_is_equal(const memory_resource& other) const noexcept override { return this == &other; }

  int good_ = -1;
  Fault fault_ = Fault::none;
};

TEST(Host, MemoryIsTheHosts) {
  for (const ModelBuilder& net : {every_layer(), every_convolution()}) {
    HostMemory of_model, of_session;
    {
      const auto model = Model::create(net.desc(), {.resizable = true, .load = {.memory = &of_model}});
      EXPECT_GT(of_model.in_use.size(), 5U);
      {
        Session session(model, {.max_batch = 2, .threads = 2, .memory = &of_session});
        EXPECT_GT(of_session.in_use.size(), 0U);
        const int taken = of_session.taken;
        EXPECT_TRUE(same_bits(answer_of(session, net), with_team(net)));
        EXPECT_EQ(of_session.taken, taken) << "a run asked for memory";
      }
      EXPECT_EQ(of_session.in_use.size(), 0U);
    }
    EXPECT_EQ(of_model.in_use.size(), 0U);
    EXPECT_EQ(of_model.wrong + of_session.wrong, 0);
  }
}

TEST(Host, MemoryThatFailsIsAnErrorWhereverItDoes) {
  using Fault = HostMemory::Fault;
  const std::map<Fault, const char*> said{{Fault::full, "not enough memory"},
#ifndef __SANITIZE_ADDRESS__  // the undefined-behaviour sanitizer, which comes with it, ends the program there
                                          {Fault::null, "not enough memory"},
#endif
                                          {Fault::crooked, "is not aligned to 64 bytes"},
                                          {Fault::throws, "the memory resource failed: the heap is sealed"}};
  const ModelBuilder net = every_layer();
  const auto model = Model::create(net.desc());
  for (const auto& [fault, reason] : said) {
    for (int good = 0;; ++good) {
      HostMemory memory(good, fault);
      try {
        Model::create(net.desc(), {.load = {.memory = &memory}});
        EXPECT_GT(good, 5);
        break;
      } catch (const Error& error) {
        EXPECT_NE(std::string(error.what()).find(reason), std::string::npos) << error.what();
      }
      EXPECT_EQ(memory.in_use.size(), 0U);
    }
    HostMemory memory(0, fault);
    refused([&] { Session(model, {.threads = 1, .memory = &memory}); }, reason);
    EXPECT_EQ(memory.in_use.size(), 0U);
  }
}

// A model of another size and a session that is resized are as the first ones.
TEST(Host, WhatIsResizedStaysTheHosts) {
  ModelBuilder net({8, 9, 3});
  net.conv({.filters = 20, .kh = 3, .kw = 3, .same = true, .activation = "relu"});
  net.add("GlobalAveragePooling2D");
  HostMemory memory;
  {
    const auto by = executor(2, in_order);
    CancelSource source;
    int told = 0;
    const auto model = Model::create(
        net.desc(),
        {.resizable = true,
         .load = {.executor = by, .memory = &memory, .cancel = source.token(), .progress = [&](double) { ++told; }}});
    source.cancel();  // of the load that is over
    const int told_by_load = std::exchange(told, 0);
    EXPECT_GT(told_by_load, 0);
    Session session(model, {.executor = by, .memory = &memory});
    const auto in_use = memory.in_use.size();
    by->loops = 0;
    session.resize({{30, 20, 3}});
    EXPECT_EQ(told, 0);
    EXPECT_GT(memory.in_use.size(), in_use);
    session.run();
    EXPECT_GT(by->loops, 0);
  }
  EXPECT_EQ(memory.in_use.size(), 0U);
}

}  // namespace
}  // namespace fovea::test
