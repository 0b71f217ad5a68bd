// The limits that the operating system sets on CPUs.
#include "base/allowed_threads.h"

#include <sched.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <string_view>

#include "base/read_file.h"

namespace fovea {

namespace {

constexpr std::size_t kMostBytes = 65536;  // of what the system says of a process

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

std::string_view take_until(std::string_view& text, char end) {
  const std::string_view front = text.substr(0, text.find(end));
  text.remove_prefix(std::min(text.size(), front.size() + 1));
  return front;
}

// Path of a process in the hierarchy of a cgroup controller: "" names v2's single hierarchy.
std::string cgroup_path(const std::string& membership, std::string_view controller) {
  const std::string all = read_start(membership, kMostBytes).value_or("");
  for (std::string_view left = all; !left.empty();) {
    std::string_view path = take_until(left, '\n');
    take_until(path, ':');
    std::string_view names = path.substr(0, path.find(':'));
    if (names.size() == path.size()) continue;  // no such line
    path.remove_prefix(names.size() + 1);
    if (controller.empty() && names.empty()) return std::string(path);
    while (!names.empty()) {
      if (take_until(names, ',') == controller) return std::string(path);
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

/// A number at the beginning of `text`, which is then taken; 0 if there is none.
std::int64_t take_number(std::string_view& text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\n')) text.remove_prefix(1);
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return error == std::errc() ? number : 0;
}

double ratio(std::int64_t quota, std::int64_t period) {
  return quota > 0 && period > 0 ? static_cast<double>(quota) / static_cast<double>(period) : 0;
}

double read_v2(const std::string& folder) {  // "max" is no number, and no limit
  const std::string text = read_start(folder + "/cpu.max", kMostBytes).value_or("");
  std::string_view left = text;
  const std::int64_t quota = take_number(left);
  return ratio(quota, take_number(left));
}

double read_v1(const std::string& folder) {
  const auto number_in = [&](const char* name) {
    const std::string text = read_start(folder + name, kMostBytes).value_or("");
    std::string_view left = text;
    return take_number(left);
  };
  return ratio(number_in("/cpu.cfs_quota_us"), number_in("/cpu.cfs_period_us"));
}

}  // namespace

double cgroup_cpus(const std::string& membership, const std::string& root) {
  const double v2 = smallest_quota(root, cgroup_path(membership, ""), read_v2);
  const double v1 = smallest_quota(root + "/cpu", cgroup_path(membership, "cpu"), read_v1);
  return v1 > 0 && v2 > 0 ? std::min(v1, v2) : std::max(v1, v2);
}

int allowed_threads() noexcept {
  const int count = affinity_count();
  try {
    const double quota = cgroup_cpus("/proc/self/cgroup", "/sys/fs/cgroup");
    return quota > 0 && quota < count ? std::max(1, static_cast<int>(std::ceil(quota))) : count;
  } catch (const std::exception&) {
    return count;  // no readable cgroup: the affinity mask alone counts
  }
}

}  // namespace fovea
