// The tools' large blocks: kept for the next that fits, never more than were in use at once.
#include "tools/common/program/large_blocks.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <cstring>
#include <memory>
#include <new>
#include <thread>
#include <vector>

namespace fovea::tools {
namespace {

class LargeBlocksTest : public testing::Test {
 protected:
  void SetUp() override {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
    GTEST_SKIP() << "a build for sanitizers keeps its own account of memory";
#endif
  }
};

std::unique_ptr<char[]> block(std::size_t bytes) {
  auto at = std::make_unique<char[]>(bytes);
  std::memset(at.get(), 7, bytes);
  return at;
}

TEST_F(LargeBlocksTest, SmallOnesAreNone) {
  const std::size_t before = large_block_use().in_use;
  const auto small = block(kLargeBlock - 1);
  EXPECT_EQ(large_block_use().in_use, before);
  const auto large = block(kLargeBlock);
  EXPECT_GE(large_block_use().in_use, before + kLargeBlock);
}

TEST_F(LargeBlocksTest, TheNextThatFitsGetsTheSameBlock) {
  auto first = block(5 * kLargeBlock);
  const auto at = reinterpret_cast<std::uintptr_t>(first.get());
  first.reset();
  EXPECT_GE(large_block_use().kept, 5 * kLargeBlock);
  const auto second = block(4 * kLargeBlock);
  EXPECT_EQ(reinterpret_cast<std::uintptr_t>(second.get()), at);
}

TEST_F(LargeBlocksTest, NeverMoreThanWereInUseAtOnce) {
  for (std::size_t megabytes = 2; megabytes < 60; ++megabytes) {
    const auto one = block(megabytes << 20), two = block((60 - megabytes) << 20);
    const LargeBlockUse use = large_block_use();
    ASSERT_LE(use.in_use + use.kept, use.most_in_use + (std::size_t{4} << 20)) << megabytes;
  }
}

TEST_F(LargeBlocksTest, AlignedOnesToo) {
  constexpr std::align_val_t kLine{64};
  for (const std::size_t bytes : {std::size_t{100}, 3 * kLargeBlock}) {
    void* at = ::operator new(bytes, kLine);
    EXPECT_EQ(reinterpret_cast<std::uintptr_t>(at) % 64, 0u);
    ::operator delete(at, kLine);
  }
}

TEST_F(LargeBlocksTest, MoreThanThereIsIsBadAlloc) {
  const std::size_t before = large_block_use().in_use;
  const volatile std::size_t too_much = PTRDIFF_MAX / 2;
  EXPECT_THROW(static_cast<void>(::operator new(too_much)), std::bad_alloc);
  EXPECT_EQ(large_block_use().in_use, before);
}

TEST_F(LargeBlocksTest, AnyThreadMayFree) {
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([t] {
      for (std::size_t i = 0; i < 50; ++i) {
        auto mine = block((1 + (i * 7 + static_cast<std::size_t>(t)) % 5) << 20);
        std::thread([moved = std::move(mine)]() mutable { moved.reset(); }).join();
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  const LargeBlockUse use = large_block_use();
  EXPECT_LE(use.in_use + use.kept, use.most_in_use + (std::size_t{4} << 20));
}

}  // namespace
}  // namespace fovea::tools
