// The limits that the operating system sets on CPUs.
#include "base/allowed_threads.h"

#include <sched.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <sstream>
#include <string>

namespace fovea {

namespace {

int affinity_count() {
  for (int cpus = 1024; cpus <= 1 << 16; cpus *= 2) {
    cpu_set_t* set = CPU_ALLOC(cpus);
    if (set == nullptr) return 1;
    const std::size_t bytes = CPU_ALLOC_SIZE(cpus);
    const bool ok = sched_getaffinity(0, bytes, set) == 0;
    const int count = ok ? CPU_COUNT_S(bytes, set) : 0;
    CPU_FREE(set);
    if (ok) return std::max(1, count);
  }
  return 1;
}

// Path of this process in the hierarchy of a cgroup controller: "" names v2's single hierarchy.
std::string cgroup_path(const std::string& controller) {
  std::ifstream in("/proc/self/cgroup");
  for (std::string line; std::getline(in, line);) {
    const auto first = line.find(':'), second = line.find(':', first + 1);
    if (second == std::string::npos) continue;
    std::istringstream names(line.substr(first + 1, second - first - 1));
    if (controller.empty() && second == first + 1) return line.substr(second + 1);
    for (std::string name; std::getline(names, name, ',');) {
      if (!controller.empty() && name == controller) return line.substr(second + 1);
    }
  }
  return "";
}

// The smallest quota/period from `path` up to the root of the hierarchy, or 0 for none.
template <class Read>
double smallest_quota(const std::string& root, std::string path, Read read) {
  double smallest = 0;
  for (;;) {
    const double cpus = read(root + path);
    if (cpus > 0 && (smallest == 0 || cpus < smallest)) smallest = cpus;
    if (path.empty() || path == "/") return smallest;
    path.resize(path.rfind('/') == std::string::npos ? 0 : path.rfind('/'));
  }
}

double read_v2(const std::string& folder) {
  std::ifstream in(folder + "/cpu.max");
  std::string quota;
  double period = 0;
  if (!(in >> quota >> period) || quota == "max" || period <= 0) return 0;
  try {
    return std::stod(quota) / period;
  } catch (const std::exception&) {
    return 0;
  }
}

double read_v1(const std::string& folder) {
  double quota = 0, period = 0;
  std::ifstream(folder + "/cpu.cfs_quota_us") >> quota;
  std::ifstream(folder + "/cpu.cfs_period_us") >> period;
  return quota > 0 && period > 0 ? quota / period : 0;
}

}  // namespace

int allowed_threads() noexcept {
  int count = affinity_count();
  try {
    for (const double quota : {smallest_quota("/sys/fs/cgroup", cgroup_path(""), read_v2),
                               smallest_quota("/sys/fs/cgroup/cpu", cgroup_path("cpu"), read_v1)}) {
      if (quota > 0) count = std::min(count, std::max(1, static_cast<int>(std::ceil(quota))));
    }
  } catch (const std::exception&) {
    return count;  // no readable cgroup: the affinity mask alone counts
  }
  return count;
}

}  // namespace fovea
