// The budget: a counter, and tickets for those who wait.
#include "pictures/decode/decode_memory.h"

#include <unistd.h>

#include <algorithm>
#include <condition_variable>
#include <cstdint>
#include <fstream>
#include <mutex>
#include <string>

#include <fovea/error.h>

namespace fovea {
namespace {

constexpr std::size_t kMiB = std::size_t{1} << 20;
constexpr std::size_t kLeast = 256 * kMiB;

// A container's limit, if it has one: of control groups of version 2 or 1, as seen from inside.
std::size_t container_memory() {
  for (const char* path : {"/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"}) {
    std::ifstream file(path);
    std::size_t bytes = 0;
    if (file >> bytes) return bytes;  // "max" is no number
  }
  return SIZE_MAX;
}

class Budget {
 public:
  void take(std::size_t bytes) {
    std::unique_lock lock(mutex_);
    if (bytes > limit_) {
      throw Error("needs " + std::to_string((bytes + kMiB - 1) / kMiB) + " MiB of memory to be decoded, the limit is " +
                  std::to_string(limit_ / kMiB));
    }
    const std::uint64_t ticket = next_ticket_++;
    changed_.wait(lock, [&] { return ticket == serving_ && bytes <= limit_ - std::min(in_use_, limit_); });
    in_use_ += bytes;
    ++serving_;
    changed_.notify_all();
  }
  void give_back(std::size_t bytes) {
    {
      const std::scoped_lock lock(mutex_);
      in_use_ -= bytes;
    }
    changed_.notify_all();
  }
  void set_limit(std::size_t bytes) {
    {
      const std::scoped_lock lock(mutex_);
      limit_ = bytes;
    }
    changed_.notify_all();
  }
  std::size_t limit() {
    const std::scoped_lock lock(mutex_);
    return limit_;
  }
  std::size_t in_use() {
    const std::scoped_lock lock(mutex_);
    return in_use_;
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::size_t limit_ = default_decode_memory(), in_use_ = 0;
  std::uint64_t next_ticket_ = 0, serving_ = 0;
};

Budget& budget() {
  static Budget& whole = *new Budget;  // never destroyed: a picture may outlive everything static
  return whole;
}

}  // namespace

MemoryShare take_decode_memory(std::size_t bytes) {
  budget().take(bytes);
  return MemoryShare(bytes);
}

void MemoryShare::shrink(std::size_t bytes) noexcept {
  if (bytes_ <= bytes) return;
  budget().give_back(bytes_ - bytes);
  bytes_ = bytes;
}

void set_decode_memory(std::size_t bytes) { budget().set_limit(bytes); }
std::size_t decode_memory() { return budget().limit(); }
std::size_t decode_memory_in_use() { return budget().in_use(); }

std::size_t default_decode_memory() {
  const long pages = ::sysconf(_SC_PHYS_PAGES), page = ::sysconf(_SC_PAGESIZE);
  const std::size_t machine =
      pages > 0 && page > 0 ? static_cast<std::size_t>(pages) * static_cast<std::size_t>(page) : SIZE_MAX;
  const std::size_t known = std::min(machine, container_memory());
  return known == SIZE_MAX ? 8 * kLeast : std::max(known / 2, kLeast);
}

}  // namespace fovea
