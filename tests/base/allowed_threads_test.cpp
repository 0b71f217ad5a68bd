// How many threads a process may use.
#include "base/allowed_threads.h"

#include <gtest/gtest.h>
#include <sched.h>

namespace fovea::test {
namespace {

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
