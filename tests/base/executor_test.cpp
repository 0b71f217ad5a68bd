// A team on the threads of an executor: honest ones, and such as break their promise.
#include <fovea/executor.h>

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <cfenv>
#include <mutex>
#include <set>
#include <thread>
#include <vector>

#include <fovea/error.h>
#include "base/float_mode.h"
#include "base/thread_team.h"
#include "tests/support/executors.h"

namespace fovea::test {
namespace {

ThreadChoice lent(std::shared_ptr<Executor> by, int threads = 0) {
  return {threads, Threading::automatic, std::move(by)};
}

// How often each index of a loop was done, and whether two bodies had the same thread number at a time.
struct Seen {
  explicit Seen(std::int64_t count) : times(static_cast<std::size_t>(count)), inside(8) {}
  std::vector<std::atomic<int>> times, inside;
  std::atomic<bool> shared{false};

  bool loop(ThreadTeam& team) {
    team.for_each(std::ssize(times), [this](std::int64_t i, int thread) {
      if (inside[static_cast<std::size_t>(thread)]++ != 0) shared = true;
      ++times[static_cast<std::size_t>(i)];
      std::this_thread::yield();
      --inside[static_cast<std::size_t>(thread)];
    });
    for (auto& done : times) {
      if (done.exchange(0) != 1) return false;
    }
    return !shared;
  }
};

TEST(Executor, EveryIndexOnceOnAnyHonestOne) {
  for (const auto& run : {in_threads, in_order, backwards}) {
    for (const int threads : {1, 2, 5}) {
      ThreadTeam team(lent(executor(threads, run)));
      EXPECT_EQ(team.threads(), threads);
      for (const std::int64_t count : {0, 1, 2, 3, 40}) EXPECT_TRUE(Seen(count).loop(team)) << count;
      team.check();
    }
  }
}

TEST(Executor, LoopsOfOneTaskStayWithTheCaller) {
  const auto counted = executor(4, in_threads);
  ThreadTeam team(lent(counted));
  EXPECT_TRUE(Seen(1).loop(team));
  EXPECT_EQ(counted->loops, 0);
  EXPECT_TRUE(Seen(2).loop(team));
  EXPECT_EQ(counted->loops, 1);
}

TEST(Executor, GetsNoMoreTasksThanThereAreIndicesAndThreads) {
  int tasks_seen = 0;
  const auto by = executor(6, [&](int tasks, const Task& task) {
    tasks_seen = tasks;
    in_order(tasks, task);
  });
  ThreadTeam all(lent(by)), two(lent(by, 2));
  Seen(3).loop(all);
  EXPECT_EQ(tasks_seen, 3);
  Seen(100).loop(all);
  EXPECT_EQ(tasks_seen, 6);
  Seen(100).loop(two);
  EXPECT_EQ(tasks_seen, 2);
}

// Whatever it does, the loop is complete, the mistake is told once, and the team goes on.
TEST(Executor, BrokenOnesAreFoundAndTheLoopIsDone) {
  for (const BrokenExecutor& broken : broken_executors()) {
    ThreadTeam team(lent(executor(3, broken.run)));
    std::string said;
    EXPECT_TRUE(Seen(30).loop(team)) << broken.name;
    try {
      team.check();
    } catch (const Error& error) {
      said = error.what();
    }
    EXPECT_NE(said.find(broken.error), std::string::npos) << broken.name << ": " << said;
  }
}

TEST(Executor, ATaskThatComesTooLateDoesNothingAndIsFound) {
  std::vector<Task> kept;
  const auto by = executor(2, [&](int tasks, const Task& task) {
    in_order(tasks, task);
    kept.push_back(task);
  });
  {
    ThreadTeam team(lent(by));
    std::atomic<int> done{0};
    const auto loop = [&] { team.for_each(10, [&](std::int64_t, int) { ++done; }); };
    loop();
    team.check();
    kept.front()(0);
    EXPECT_EQ(done, 10);
    EXPECT_THROW(team.check(), Error);
    team.check();
    loop();
    EXPECT_EQ(done, 20);
  }
  for (const Task& task : kept) task(1);  // the team is gone
  ThreadTeam next(lent(by));  // what is left of it is used again, and its late tasks are not this one's fault
  for (const Task& task : kept) task(0);
  EXPECT_TRUE(Seen(10).loop(next));
  next.check();
  Task()(0);  // of nobody
}

TEST(Executor, SharedByManyTeams) {
  const auto by = executor(3, in_threads);
  std::atomic<int> wrong{0};
  {
    std::vector<std::jthread> hosts;
    for (int i = 0; i < 4; ++i) {
      hosts.emplace_back([&] {
        for (int again = 0; again < 5; ++again) {
          ThreadTeam team(lent(by));
          for (int loop = 0; loop < 5; ++loop) wrong += Seen(20).loop(team) ? 0 : 1;
          team.check();
        }
      });
    }
  }
  EXPECT_EQ(wrong, 0);
}

// The host's threads round as the caller while they work, and as before afterwards; the caller as itself.
TEST(Executor, HostsThreadsRoundAsTheCaller) {
  const FloatRegisters own = FloatRegisters::current();
  const auto is_own = [&] { return FloatRegisters::current().agrees(own); };
  std::atomic<bool> right{true};
  ThreadTeam team(lent(executor(3, [&](int tasks, const Task& task) {
    std::vector<std::jthread> threads;
    for (int i = 0; i < tasks; ++i) {
      threads.emplace_back([&, task, i] {
        std::fesetround(FE_TOWARDZERO);
        const FloatRegisters other = FloatRegisters::current();
        task(i);
        if (is_own() || !FloatRegisters::current().agrees(other)) right = false;
      });
    }
    std::fesetround(FE_TOWARDZERO);
  })));
  team.for_each(30, [&](std::int64_t, int) {
    if (!is_own()) right = false;
  });
  EXPECT_TRUE(is_own());
  own.set();
  EXPECT_TRUE(right);
}

// The host's threads are not there in a child, which goes on alone.
TEST(Executor, AForkedChildDoesNotAskForThem) {
#ifdef __SANITIZE_THREAD__
  GTEST_SKIP() << "the thread sanitizer does not support threads after a fork";
#endif
  const auto by = executor(3, in_order);
  ThreadTeam team(lent(by));
  EXPECT_TRUE(Seen(20).loop(team));
  const pid_t child = fork();
  ASSERT_GE(child, 0);
  if (child == 0) _exit(Seen(20).loop(team) && by->loops == 1 ? 0 : 1);
  int status = -1;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0);
  EXPECT_TRUE(Seen(20).loop(team));
  EXPECT_EQ(by->loops, 2);
  team.check();
}

// OpenMP would wait there for ever, so that it is refused; what was inherited goes on alone.
TEST(OpenMp, IsRefusedInAForkedChild) {
  if (available_threading().size() < 2) GTEST_SKIP() << "this build is without OpenMP";
  ThreadTeam team(ThreadChoice{3, Threading::openmp});
  EXPECT_TRUE(Seen(20).loop(team));
  const pid_t child = fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    alarm(60);
    if (!Seen(20).loop(team)) _exit(1);
    try {
      const ThreadTeam other(ThreadChoice{2, Threading::openmp});
      _exit(2);
    } catch (const Error& error) {
      _exit(std::string(error.what()).find("made by fork") == std::string::npos ? 3 : 0);
    }
  }
  int status = -1;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0);
  EXPECT_TRUE(Seen(20).loop(team));
}

TEST(OpenMp, EveryIndexOnce) {
  if (available_threading().size() < 2) GTEST_SKIP() << "this build is without OpenMP";
  for (const int threads : {1, 2, 5}) {
    ThreadTeam team(ThreadChoice{threads, Threading::openmp});
    EXPECT_EQ(team.threads(), threads);
    for (const std::int64_t count : {0, 1, 2, 3, 40}) EXPECT_TRUE(Seen(count).loop(team)) << count;
    team.check();
  }
}

TEST(Executor, RefusesNumbersOfThreadsThatCannotBe) {
  for (const int threads : {0, -1, 1025}) {
    EXPECT_THROW(ThreadTeam(lent(executor(threads, in_order))), Error) << threads;
  }
  EXPECT_THROW(ThreadTeam(lent(executor(2, in_order), 1025)), Error);
}

TEST(Cancel, EndsALoopBetweenTwoTasks) {
  for (const ThreadChoice& choice : {ThreadChoice{1}, ThreadChoice{3}, lent(executor(3, in_threads))}) {
    ThreadTeam team(choice);
    CancelSource source;
    std::atomic<int> done{0};
    {
      const ThreadTeam::Run run(team, source.token());
      team.check();
      team.for_each(1000, [&](std::int64_t, int) {
        ++done;
        source.cancel();
      });
      EXPECT_LE(done, 3);
      EXPECT_THROW(team.check(), Cancelled);
      team.for_each(1000, [&](std::int64_t, int) { ++done; });
      EXPECT_LE(done, 3);
    }
    done = 0;
    team.for_each(1000, [&](std::int64_t, int) { ++done; });
    EXPECT_EQ(done, 1000);
    team.check();
  }
}

TEST(Threading, NamesReadBack) {
  for (const std::string& name : available_threading()) EXPECT_EQ(threading_name(parse_threading(name)), name);
  EXPECT_EQ(available_threading().front(), "team");
  EXPECT_THROW(parse_threading("Team"), Error);
  EXPECT_THROW(parse_threading(""), Error);
}

}  // namespace
}  // namespace fovea::test
