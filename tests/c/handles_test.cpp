// The table of handles: places are used again, never under the same handle, by any number of threads, and it may be
// full.
#include <gtest/gtest.h>

#include <atomic>
#include <set>
#include <thread>
#include <vector>

#include "bindings/c/handles.h"

namespace fovea::test {
namespace {

using c::Kind;

TEST(CHandles, APlaceIsUsedAgainUnderAnotherHandle) {
  int object = 0;
  std::set<void*> seen;
  for (int i = 0; i < 1000; ++i) {
    void* const handle = c::add_handle(Kind::card, &object);
    EXPECT_TRUE(seen.insert(handle).second);
    EXPECT_EQ(c::find_handle(Kind::card, handle), &object);
    EXPECT_EQ(c::find_handle(Kind::model, handle), nullptr);
    EXPECT_EQ(c::take_handle(Kind::model, handle), nullptr);
    EXPECT_EQ(c::take_handle(Kind::card, handle), &object);
    EXPECT_EQ(c::take_handle(Kind::card, handle), nullptr);
  }
  for (void* const handle : seen) EXPECT_EQ(c::find_handle(Kind::card, handle), nullptr);
}

TEST(CHandles, AFullTableSaysSo) {
  int object = 0;
  const std::size_t before = c::live_handles();
  std::vector<void*> all;
  while (void* const handle = c::add_handle(Kind::card, &object)) {
    all.push_back(handle);
    ASSERT_LT(all.size(), 70000u);
  }
  EXPECT_EQ(all.size() + before, 65535u);
  EXPECT_EQ(c::live_handles(), 65535u);
  for (void* const handle : all) ASSERT_EQ(c::take_handle(Kind::card, handle), &object);
  EXPECT_EQ(c::live_handles(), before);
  void* const again = c::add_handle(Kind::card, &object);
  EXPECT_EQ(c::take_handle(Kind::card, again), &object);
}

TEST(CHandles, ManyThreads) {
  const std::size_t before = c::live_handles();
  std::atomic<int> wrong{0};
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&wrong] {
      int mine = 0;
      std::vector<void*> held;
      for (int i = 0; i < 20000; ++i) {
        held.push_back(c::add_handle(Kind::session, &mine));
        if (c::find_handle(Kind::session, held.back()) != &mine) ++wrong;
        if (held.size() < 5) continue;
        for (void* const handle : held) {
          if (c::take_handle(Kind::session, handle) != &mine) ++wrong;
        }
        held.clear();
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(wrong, 0);
  EXPECT_EQ(c::live_handles(), before);
}

}  // namespace
}  // namespace fovea::test
