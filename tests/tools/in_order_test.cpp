// Work by several threads, results in order.
#include "tools/common/grade/in_order.h"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <numeric>
#include <stdexcept>

namespace fovea::tools {
namespace {

std::vector<std::size_t> first(std::size_t count) {
  std::vector<std::size_t> all(count);
  std::iota(all.begin(), all.end(), 0U);
  return all;
}

TEST(InOrder, EveryResultOnceAndInOrder) {
  for (const int workers : {1, 2, 5}) {
    for (const std::size_t count : {0U, 1U, 3U, 200U}) {
      std::vector<std::size_t> taken;
      in_order<std::size_t>(
          count, workers,
          [&](std::size_t i, int worker) {
            EXPECT_LT(worker, workers);
            if (i % 7 == 0) std::this_thread::yield();
            return i * i;
          },
          [&](std::size_t i, std::size_t result) {
            EXPECT_EQ(result, i * i);
            taken.push_back(i);
            return true;
          });
      EXPECT_EQ(taken, first(count)) << workers << " workers";
    }
  }
}

// A slow first result must not let the others pile up in memory.
TEST(InOrder, WorkersDoNotRunFarAhead) {
  constexpr int kWorkers = 3;
  std::atomic<std::size_t> begun{0};
  in_order<int>(
      100, kWorkers,
      [&](std::size_t i, int) {
        ++begun;
        if (i == 0) std::this_thread::sleep_for(std::chrono::milliseconds(50));
        return 0;
      },
      [&](std::size_t i, int) {
        EXPECT_LE(begun, i + 1 + 2 * kWorkers);
        return true;
      });
  EXPECT_EQ(begun, 100U);
}

TEST(InOrder, StopsWhereTheTakerSaysSo) {
  std::atomic<std::size_t> made{0};
  std::size_t taken = 0;
  in_order<int>(
      1000, 2, [&](std::size_t, int) { return static_cast<int>(++made); },
      [&](std::size_t, int) { return ++taken < 5; });
  EXPECT_EQ(taken, 5U);
  EXPECT_LT(made, 20U);
}

TEST(InOrder, AWorkersErrorEndsTheWorkAfterWhatCameBefore) {
  std::vector<std::size_t> taken;
  const auto run = [&] {
    in_order<int>(
        50, 3,
        [](std::size_t i, int) -> int {
          if (i == 10) throw std::runtime_error("ten");
          return 0;
        },
        [&](std::size_t i, int) {
          taken.push_back(i);
          return true;
        });
  };
  EXPECT_THROW(run(), std::runtime_error);
  EXPECT_EQ(taken, first(taken.size()));
  EXPECT_LE(taken.size(), 10U);
}

TEST(InOrder, TheTakersErrorEndsTheWork) {
  std::atomic<std::size_t> made{0};
  const auto run = [&] {
    in_order<int>(
        1000, 2, [&](std::size_t, int) { return static_cast<int>(++made); },
        [](std::size_t, int) -> bool { throw std::runtime_error("full"); });
  };
  EXPECT_THROW(run(), std::runtime_error);
  EXPECT_LT(made, 20U);
}

}  // namespace
}  // namespace fovea::tools
