// Buffers between unmapped pages.
#include "tests/support/buffer.h"

#include <sys/mman.h>
#include <unistd.h>

#include <bit>
#include <new>

namespace fovea::test {
namespace {

constexpr std::uint32_t kCanary = 0x7fc0beef;  // a quiet NaN

bool is_canary(float x) { return std::bit_cast<std::uint32_t>(x) == kCanary; }

}  // namespace

Buffer::Buffer(std::int64_t count, std::int64_t behind) : count_(count) {
  const std::size_t page = static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
  const std::size_t needed = static_cast<std::size_t>(count + behind + 16) * sizeof(float);
  const std::size_t usable = (needed + page - 1) / page * page;
  mapped_bytes_ = usable + 2 * page;
  void* mapping = mmap(nullptr, mapped_bytes_, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (mapping == MAP_FAILED) throw std::bad_alloc();
  mapping_ = static_cast<char*>(mapping);
  if (mprotect(mapping_ + page, usable, PROT_READ | PROT_WRITE) != 0) throw std::bad_alloc();
  begin_ = static_cast<float*>(static_cast<void*>(mapping_ + page));
  end_ = begin_ + usable / sizeof(float);
  data_ = end_ - behind - count;
  for (float* p = begin_; p != end_; ++p) *p = std::bit_cast<float>(kCanary);
}

Buffer::~Buffer() { munmap(mapping_, mapped_bytes_); }

bool Buffer::untouched(std::int64_t i) const { return is_canary(data_[i]); }

bool Buffer::guards_whole() const {
  for (const float* p = begin_; p != data_; ++p) {
    if (!is_canary(*p)) return false;
  }
  for (const float* p = data_ + count_; p != end_; ++p) {
    if (!is_canary(*p)) return false;
  }
  return true;
}

std::int64_t Buffer::touched() const {
  std::int64_t n = 0;
  for (std::int64_t i = 0; i < count_; ++i) n += !is_canary(data_[i]);
  return n;
}

}  // namespace fovea::test
