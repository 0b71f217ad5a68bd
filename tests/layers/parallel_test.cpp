// The parallel loop, and how many threads a process may use.
#include "layers/parallel.h"

#include <gtest/gtest.h>
#include <sched.h>

#include <atomic>
#include <thread>
#include <vector>

namespace fovea::test {
namespace {

TEST(Parallel, EveryIndexOnce) {
  for (const int threads : {1, 2, 3, 5}) {
    for (const std::int64_t count : {0, 1, 2, 3, 7, 100}) {
      std::vector<std::atomic<int>> seen(static_cast<std::size_t>(count));
      std::atomic<bool> in_range{true};
      parallel_for(threads, count, [&](std::int64_t i, int thread) {
        ++seen[static_cast<std::size_t>(i)];
        if (thread < 0 || thread >= threads) in_range = false;
      });
      for (const auto& times : seen) EXPECT_EQ(times, 1);
      EXPECT_TRUE(in_range) << threads << " threads, count " << count;
    }
  }
}

// A thread number stands for a piece of scratch: no two bodies at the same time may have the same one.
TEST(Parallel, ThreadNumbersAreExclusive) {
  constexpr int kThreads = 4;
  std::atomic<int> inside[kThreads] = {};
  std::atomic<bool> shared{false};
  parallel_for(kThreads, 200, [&](std::int64_t, int thread) {
    if (inside[thread]++ != 0) shared = true;
    std::this_thread::yield();
    --inside[thread];
  });
  EXPECT_FALSE(shared);
}

TEST(Parallel, InOrderOnOneThread) {
  std::vector<std::int64_t> order;
  parallel_for(1, 5, [&](std::int64_t i, int thread) {
    EXPECT_EQ(thread, 0);
    order.push_back(i);
  });
  EXPECT_EQ(order, (std::vector<std::int64_t>{0, 1, 2, 3, 4}));
}

TEST(Parallel, FromSeveralThreadsAtOnce) {
  std::vector<std::int64_t> sums(4);
  std::vector<std::thread> callers;
  for (std::int64_t& sum : sums) {
    callers.emplace_back([&sum] {
      std::atomic<std::int64_t> total{0};
      parallel_for(3, 100, [&](std::int64_t i, int) { total += i; });
      sum = total;
    });
  }
  for (std::thread& caller : callers) caller.join();
  for (const std::int64_t sum : sums) EXPECT_EQ(sum, 4950);
}

TEST(AllowedThreads, FollowsTheAffinityMask) {
  cpu_set_t before;
  ASSERT_EQ(sched_getaffinity(0, sizeof before, &before), 0);
  const int all = allowed_threads();
  EXPECT_GE(all, 1);
  EXPECT_LE(all, CPU_COUNT(&before));

  cpu_set_t one;
  CPU_ZERO(&one);
  for (int cpu = 0; cpu < CPU_SETSIZE; ++cpu) {
    if (!CPU_ISSET(cpu, &before)) continue;
    CPU_SET(cpu, &one);
    break;
  }
  ASSERT_EQ(sched_setaffinity(0, sizeof one, &one), 0);
  const int limited = allowed_threads();
  ASSERT_EQ(sched_setaffinity(0, sizeof before, &before), 0);
  EXPECT_EQ(limited, 1);
  EXPECT_EQ(allowed_threads(), all);
}

}  // namespace
}  // namespace fovea::test
