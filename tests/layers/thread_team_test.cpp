// The loop that the threads of a session share.
#include "layers/thread_team.h"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>
#include <vector>

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
      team.for_each(100, [&](std::int64_t i, int) { total += i; });
      sum = total;
    });
  }
  for (std::thread& caller : callers) caller.join();
  for (const std::int64_t sum : sums) EXPECT_EQ(sum, 4950);
}

}  // namespace
}  // namespace fovea::test
