// Memory that the system gives in huge pages where it can.
#include "base/huge_pages.h"

#include <sys/mman.h>

#include <cstdint>
#include <cstdio>

namespace fovea {

namespace {

// Huge pages that lie free in one piece, by the system's list of free blocks: "Node 0, zone Normal  n0 n1 ... n10", so
// many blocks of 4 KiB << order. 0 if there is no such list.
std::size_t free_huge_pages() noexcept {
  std::FILE* file = std::fopen("/proc/buddyinfo", "re");
  if (file == nullptr) return 0;
  constexpr int kHugeOrder = 9;
  std::size_t pages = 0;
  char line[512];
  while (std::fgets(line, sizeof line, file) != nullptr) {
    int at = 0;
    if (std::sscanf(line, "Node %*d, zone %*31s%n", &at) != 0 || at == 0) continue;
    std::size_t blocks = 0;
    int read = 0;
    for (int order = 0; std::sscanf(line + at, "%zu%n", &blocks, &read) == 1; ++order, at += read) {
      if (order >= kHugeOrder) pages += blocks << (order - kHugeOrder);
    }
  }
  std::fclose(file);
  return pages;
}

}  // namespace

// More is asked for and the ends are given back. Huge pages are a wish, and only one that costs nothing: where they do
// not lie ready the system would move other programs' memory about to make them, for seconds, while the pages are first
// written.
void* map_huge(std::size_t bytes) noexcept {
  void* mapped = mmap(nullptr, bytes + kHugePage, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (mapped == MAP_FAILED) return nullptr;
  char* begin = static_cast<char*>(mapped);
  const std::size_t before = (kHugePage - reinterpret_cast<std::uintptr_t>(begin) % kHugePage) % kHugePage;
  if (before > 0) munmap(begin, before);
  munmap(begin + before + bytes, kHugePage - before);
  if (free_huge_pages() >= bytes / kHugePage) madvise(begin + before, bytes, MADV_HUGEPAGE);
  return begin + before;
}

}  // namespace fovea
