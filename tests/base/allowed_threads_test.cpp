// How many threads a process may use.
#include "base/allowed_threads.h"

#include <gtest/gtest.h>
#include <sched.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>

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

class CgroupCpus : public testing::Test {
 protected:
  ~CgroupCpus() override { std::filesystem::remove_all(root_); }
  void write(const std::string& path, const std::string& text) const {
    const std::filesystem::path file = root_ / path;
    std::filesystem::create_directories(file.parent_path());
    std::ofstream(file) << text;
  }
  double cpus(const std::string& membership) const {
    write("membership", membership);
    return cgroup_cpus(root_ / "membership", root_);
  }

  std::filesystem::path root_ = testing::TempDir() + "cgroup" + std::to_string(getpid());
};

TEST_F(CgroupCpus, AreTheSmallestQuotaOnTheWayUp) {
  EXPECT_EQ(cpus("0::/a/b\n"), 0);
  write("a/b/cpu.max", "max 100000\n");
  EXPECT_EQ(cpus("0::/a/b\n"), 0);
  write("a/cpu.max", "250000 100000\n");
  EXPECT_EQ(cpus("0::/a/b\n"), 2.5);
  write("a/b/cpu.max", "50000 100000\n");
  EXPECT_EQ(cpus("0::/a/b\n"), 0.5);
  EXPECT_EQ(cpus("0::/a\n"), 2.5);
  EXPECT_EQ(cpus("0::/\n"), 0);
}

TEST_F(CgroupCpus, OfVersion1AreThoseOfTheCpuController) {
  write("cpu/a/cpu.cfs_quota_us", "150000\n");
  write("cpu/a/cpu.cfs_period_us", "100000\n");
  write("cpu/b/cpu.cfs_quota_us", "-1\n");
  write("cpu/b/cpu.cfs_period_us", "100000\n");
  EXPECT_EQ(cpus("5:memory:/b\n4:cpu,cpuacct:/a\n0::/\n"), 1.5);
  EXPECT_EQ(cpus("4:cpuacct,cpu:/a"), 1.5);
  EXPECT_EQ(cpus("4:cpuset:/a\n3:cpu:/b\n"), 0);
  write("c/cpu.max", "100000 100000\n");
  EXPECT_EQ(cpus("4:cpu:/a\n0::/c\n"), 1);
}

TEST_F(CgroupCpus, OfWhatIsNoneAreNoLimit) {
  write("a/cpu.max", "100000\n");
  for (const char* membership : {"", "\n", "0", "0:", "::", "0::", "0::/a\n", "no line"})
    EXPECT_EQ(cpus(membership), 0);
  for (const char* quota : {"", "x y\n", "100000 0\n", "-5 100000\n", "99999999999999999999 1\n"}) {
    write("a/cpu.max", quota);
    EXPECT_EQ(cpus("0::/a\n"), 0) << quota;
  }
  EXPECT_EQ(cgroup_cpus(root_ / "absent", root_ / "absent"), 0);
}

}  // namespace
}  // namespace fovea::test
