// The loop that the threads of a session share.
#include "base/thread_team.h"

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

#include <fovea/error.h>

namespace fovea::test {
namespace {

TEST(ThreadTeam, EveryIndexOnce) {
  for (const int threads : {1, 2, 3, 5}) {
    ThreadTeam team(threads);
    for (const std::int64_t count : {0, 1, 2, 3, 7, 100}) {
      std::vector<std::atomic<int>> seen(static_cast<std::size_t>(count));
      std::atomic<bool> in_range{true};
      team.for_each(count, [&](std::int64_t i, int thread) {
        ++seen[static_cast<std::size_t>(i)];
        if (thread < 0 || thread >= threads) in_range = false;
      });
      for (const auto& times : seen) EXPECT_EQ(times, 1);
      EXPECT_TRUE(in_range) << threads << " threads, count " << count;
    }
  }
}

// A thread number stands for a piece of scratch: no two bodies at the same time may have the same one.
TEST(ThreadTeam, ThreadNumbersAreExclusive) {
  constexpr int kThreads = 4;
  std::atomic<int> inside[kThreads] = {};
  std::atomic<bool> shared{false};
  ThreadTeam team(kThreads);
  team.for_each(200, [&](std::int64_t, int thread) {
    if (inside[thread]++ != 0) shared = true;
    std::this_thread::yield();
    --inside[thread];
  });
  EXPECT_FALSE(shared);
}

TEST(ThreadTeam, InOrderOnOneThread) {
  std::vector<std::int64_t> order;
  ThreadTeam team(1);
  team.for_each(5, [&](std::int64_t i, int thread) {
    EXPECT_EQ(thread, 0);
    order.push_back(i);
  });
  EXPECT_EQ(order, (std::vector<std::int64_t>{0, 1, 2, 3, 4}));
}

TEST(ThreadTeam, FromSeveralThreadsAtOnce) {
  std::vector<std::int64_t> sums(4);
  std::vector<std::thread> callers;
  for (std::int64_t& sum : sums) {
    callers.emplace_back([&sum] {
      std::atomic<std::int64_t> total{0};
      ThreadTeam team(3);
      const ThreadTeam::Run awake(team);
      for (int loop = 0; loop < 50; ++loop) team.for_each(100, [&](std::int64_t i, int) { total += i; });
      sum = total;
    });
  }
  for (std::thread& caller : callers) caller.join();
  for (const std::int64_t sum : sums) EXPECT_EQ(sum, 50 * 4950);
}

// Loops as short as those of a small layer, within a run and without: what one writes, the next reads without atomics.
TEST(ThreadTeam, ThousandsOfShortLoops) {
  for (const int threads : {2, 4}) {
    ThreadTeam team(threads);
    std::vector<std::int64_t> values(7, 0);
    const auto loop = [&](std::int64_t count) {
      team.for_each(count, [&](std::int64_t i, int) { ++values[static_cast<std::size_t>(i)]; });
    };
    for (int i = 0; i < 200; ++i) loop(i % 8);
    {
      const ThreadTeam::Run awake(team);
      for (int i = 0; i < 4000; ++i) loop(i % 8);
    }
    for (int i = 0; i < 200; ++i) loop(i % 8);
    // Index k is part of the loops of k + 1 .. 7 indices.
    for (std::int64_t k = 0; k < 7; ++k) EXPECT_EQ(values[static_cast<std::size_t>(k)], (7 - k) * 550) << k;
  }
}

// What a loop wrote is seen by the next one, whichever thread has it.
TEST(ThreadTeam, LoopsSeeWhatEarlierOnesWrote) {
  ThreadTeam team(3);
  const ThreadTeam::Run awake(team);
  std::vector<std::int64_t> from(60), to(60);
  for (std::int64_t i = 0; i < 60; ++i) from[static_cast<std::size_t>(i)] = i;
  for (int loop = 0; loop < 1000; ++loop) {
    team.for_each(60, [&](std::int64_t i, int) {
      to[static_cast<std::size_t>(i)] = from[static_cast<std::size_t>((i + 1) % 60)];
    });
    std::swap(from, to);
  }
  for (std::int64_t i = 0; i < 60; ++i) EXPECT_EQ(from[static_cast<std::size_t>(i)], (i + 1000) % 60);
}

TEST(ThreadTeam, RunsNest) {
  ThreadTeam team(3);
  std::atomic<int> done{0};
  const auto loop = [&] { team.for_each(9, [&](std::int64_t, int) { ++done; }); };
  {
    const ThreadTeam::Run outer(team);
    loop();
    {
      const ThreadTeam::Run inner(team);
      loop();
    }
    loop();
  }
  loop();
  EXPECT_EQ(done, 36);
}

// A team that was never used, or used once, ends.
TEST(ThreadTeam, StartsAndEnds) {
  for (int i = 0; i < 100; ++i) {
    ThreadTeam team(1 + i % 4);
    if (i % 3 == 0) continue;
    const ThreadTeam::Run awake(team);
    std::atomic<int> done{0};
    team.for_each(i % 5, [&](std::int64_t, int) { ++done; });
    ASSERT_EQ(done, i % 5);
  }
}

// The workers of a team do not exist in a child process: the one that calls does all of the work.
TEST(ThreadTeam, WorksInAForkedChild) {
#ifdef __SANITIZE_THREAD__
  GTEST_SKIP() << "the thread sanitizer does not support threads after a fork";
#endif
  ThreadTeam team(3);
  std::atomic<int> done{0};
  team.for_each(100, [&](std::int64_t, int) { ++done; });
  ASSERT_EQ(done, 100);
  std::this_thread::sleep_for(std::chrono::milliseconds(20));  // the workers have left the loop
  const pid_t child = fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    alarm(60);  // should the child wait for somebody who does not exist
    int sum = 0;
    const ThreadTeam::Run awake(team);
    for (int loop = 0; loop < 10; ++loop) team.for_each(100, [&](std::int64_t, int) { ++sum; });
    _exit(sum == 1000 ? 0 : 1);
  }
  int status = -1;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_TRUE(WIFEXITED(status)) << "ended by signal " << WTERMSIG(status);
  EXPECT_EQ(WEXITSTATUS(status), 0);
  team.for_each(100, [&](std::int64_t, int) { ++done; });
  EXPECT_EQ(done, 200);
}

// A child whose address space is full gets no stacks for threads. Those that did start end, and the error says it.
TEST(ThreadTeam, SaysWhenTheSystemGivesNoThreads) {
#if defined(__SANITIZE_THREAD__) || defined(__SANITIZE_ADDRESS__)
  GTEST_SKIP() << "sanitizers need more address space than they use";
#endif
  const pid_t child = fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    alarm(60);
    std::int64_t pages = 0;
    std::ifstream("/proc/self/statm") >> pages;
    const rlim_t bytes = static_cast<rlim_t>(pages * sysconf(_SC_PAGESIZE)) + (rlim_t{64} << 20);
    const rlimit limit{bytes, bytes};
    if (pages == 0 || setrlimit(RLIMIT_AS, &limit) != 0) _exit(3);
    try {
      const ThreadTeam team(1000);
      _exit(2);
    } catch (const Error& error) {
      _exit(std::string(error.what()).rfind("cannot start 999 threads", 0) == 0 ? 0 : 1);
    }
  }
  int status = -1;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_TRUE(WIFEXITED(status)) << "ended by signal " << WTERMSIG(status);
  EXPECT_EQ(WEXITSTATUS(status), 0);
}

std::chrono::microseconds cpu_time() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return std::chrono::seconds(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
         std::chrono::microseconds(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec);
}

// Processor time, not time by the clock: it is the same on a busy machine.
TEST(ThreadTeam, WorkersSleepAfterARun) {
  ThreadTeam team(4);
  {
    const ThreadTeam::Run awake(team);
    for (int i = 0; i < 100; ++i) team.for_each(8, [](std::int64_t, int) {});
  }
  const auto before = cpu_time();
  std::this_thread::sleep_for(std::chrono::milliseconds(200));
  EXPECT_LT(cpu_time() - before, std::chrono::milliseconds(50));
}

// Not even a run that goes on without loops keeps processors busy.
TEST(ThreadTeam, WorkersSleepInALongPauseOfARun) {
  ThreadTeam team(4);
  const ThreadTeam::Run awake(team);
  for (int i = 0; i < 100; ++i) team.for_each(8, [](std::int64_t, int) {});
  const auto before = cpu_time();
  std::this_thread::sleep_for(std::chrono::milliseconds(200));
  EXPECT_LT(cpu_time() - before, std::chrono::milliseconds(50));
}

}  // namespace
}  // namespace fovea::test
