// Memory in huge pages.
#include "layers/aligned.h"

#include <sys/mman.h>

#include <algorithm>
#include <new>

namespace fovea {

namespace {

constexpr std::align_val_t kAlign{64};
constexpr std::size_t kHugePage = std::size_t{2} << 20;

// `bytes` of zeros that begin at a huge page's boundary: more is asked for and the ends are given back.
void* map_huge(std::size_t bytes) {
  void* mapped = mmap(nullptr, bytes + kHugePage, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (mapped == MAP_FAILED) throw std::bad_alloc();
  char* begin = static_cast<char*>(mapped);
  const std::size_t before = (kHugePage - reinterpret_cast<std::uintptr_t>(begin) % kHugePage) % kHugePage;
  if (before > 0) munmap(begin, before);
  munmap(begin + before + bytes, kHugePage - before);
  madvise(begin + before, bytes, MADV_HUGEPAGE);  // a wish: without it the pages are small
  return begin + before;
}

}  // namespace

AlignedFloats::AlignedFloats(std::int64_t size) : size_(size) {
  if (size <= 0) return;
  constexpr std::size_t kPage = 4096;
  std::size_t bytes = 0;
  if (__builtin_mul_overflow(static_cast<std::size_t>(size), sizeof(float), &bytes) || bytes > PTRDIFF_MAX / 2) {
    throw std::bad_alloc();
  }
  if (bytes >= kHugePage) {
    const std::size_t mapped = (bytes + kPage - 1) / kPage * kPage;
    data_ = {static_cast<float*>(map_huge(mapped)), Free{mapped}};
  } else {
    data_ = {static_cast<float*>(::operator new(bytes, kAlign)), Free{0}};
    std::uninitialized_fill_n(data_.get(), size, 0.0f);
  }
}

void AlignedFloats::Free::operator()(float* p) const noexcept {
  if (mapped_bytes > 0) {
    munmap(p, mapped_bytes);
  } else {
    ::operator delete(p, kAlign);
  }
}

std::shared_ptr<float[]> AlignedFloats::share() && {
  size_ = 0;
  return std::move(data_);
}

}  // namespace fovea
