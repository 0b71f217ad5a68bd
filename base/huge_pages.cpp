// Memory that the system gives in huge pages where it can.
#include "base/huge_pages.h"

#include <sys/mman.h>

#include <cstdint>

namespace fovea {

// More is asked for and the ends are given back.
void* map_huge(std::size_t bytes) noexcept {
  void* mapped = mmap(nullptr, bytes + kHugePage, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (mapped == MAP_FAILED) return nullptr;
  char* begin = static_cast<char*>(mapped);
  const std::size_t before = (kHugePage - reinterpret_cast<std::uintptr_t>(begin) % kHugePage) % kHugePage;
  if (before > 0) munmap(begin, before);
  munmap(begin + before + bytes, kHugePage - before);
  madvise(begin + before, bytes, MADV_HUGEPAGE);  // a wish: without it the pages are small
  return begin + before;
}

}  // namespace fovea
