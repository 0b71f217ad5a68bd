// Memory of pictures, kept between one picture and the next: the tools' own operator new.
#include "tools/common/program/large_blocks.h"

#include <sys/mman.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdlib>
#include <mutex>
#include <new>

#include "base/huge_pages.h"

namespace fovea::tools {
namespace {

struct Block {
  void* at = nullptr;
  std::size_t bytes = 0;
};

/// A short list in no order. It allocates nothing: `new` itself asks it.
class BlockList {
 public:
  bool full() const { return count_ == blocks_.size(); }
  void add(const Block& block) {
    blocks_[count_++] = block;
    bytes_ += block.bytes;
  }
  Block remove(std::size_t i) {
    const Block block = blocks_[i];
    blocks_[i] = blocks_[--count_];
    bytes_ -= block.bytes;
    return block;
  }
  std::size_t find(const void* at) const {
    return static_cast<std::size_t>(std::find_if(begin(), end(), [at](const Block& block) { return block.at == at; }) -
                                    begin());
  }
  /// The smallest of at least `bytes`, or count().
  std::size_t smallest_of(std::size_t bytes) const {
    std::size_t best = count_;
    for (std::size_t i = 0; i < count_; ++i) {
      if (blocks_[i].bytes >= bytes && (best == count_ || blocks_[i].bytes < blocks_[best].bytes)) best = i;
    }
    return best;
  }
  std::size_t count() const { return count_; }
  std::size_t bytes() const { return bytes_; }

 private:
  const Block* begin() const { return blocks_.data(); }
  const Block* end() const { return blocks_.data() + count_; }
  std::array<Block, 256> blocks_{};
  std::size_t count_ = 0, bytes_ = 0;
};

class LargeBlocks {
 public:
  /// Null when there is no memory, or too many blocks to keep account of.
  void* take(std::size_t bytes) {
    const std::size_t rounded = (bytes + kHugePage - 1) / kHugePage * kHugePage;
    const std::lock_guard lock(mutex_);
    if (rounded < bytes || used_.full()) return nullptr;
    const std::size_t fitting = kept_.smallest_of(rounded);
    Block block;
    if (fitting < kept_.count()) {
      block = kept_.remove(fitting);
    } else {
      // All that is kept is too small: it goes, as far as there would be more than ever before.
      while (kept_.count() > 0 && used_.bytes() + rounded + kept_.bytes() > most_used_) drop_one();
      block = {map_huge(rounded), rounded};
      if (block.at == nullptr) {
        while (kept_.count() > 0) drop_one();
        block = {map_huge(rounded), rounded};
      }
      if (block.at == nullptr) return nullptr;
    }
    used_.add(block);
    most_used_ = std::max(most_used_, used_.bytes());
    return block.at;
  }

  /// False if the block is none of these.
  bool give(void* at) {
    const std::lock_guard lock(mutex_);
    const std::size_t i = used_.find(at);
    if (i == used_.count()) return false;
    const Block block = used_.remove(i);
    if (kept_.full()) {
      ::munmap(block.at, block.bytes);
    } else {
      kept_.add(block);
    }
    return true;
  }

  LargeBlockUse use() {
    const std::lock_guard lock(mutex_);
    return {used_.bytes(), kept_.bytes(), most_used_};
  }

 private:
  void drop_one() {
    const Block block = kept_.remove(kept_.smallest_of(0));
    ::munmap(block.at, block.bytes);
  }

  std::mutex mutex_;
  BlockList used_, kept_;
  std::size_t most_used_ = 0;
};

// Before all else that allocates, and never destroyed.
constinit LargeBlocks large_blocks;

}  // namespace

LargeBlockUse large_block_use() { return large_blocks.use(); }

}  // namespace fovea::tools

#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)

namespace {

using fovea::tools::kLargeBlock;

constexpr std::size_t kPage = 4096;

void* allocate(std::size_t bytes, std::size_t alignment) {
  for (;;) {
    void* at = nullptr;
    if (bytes >= kLargeBlock && alignment <= kPage) at = fovea::tools::large_blocks.take(bytes);
    if (at == nullptr)
      at = alignment <= alignof(std::max_align_t) ? std::malloc(std::max<std::size_t>(bytes, 1)) : nullptr;
    if (at == nullptr && alignment > alignof(std::max_align_t) && ::posix_memalign(&at, alignment, bytes) != 0)
      at = nullptr;
    if (at != nullptr) return at;
    const std::new_handler handler = std::get_new_handler();
    if (handler == nullptr) throw std::bad_alloc();
    handler();
  }
}

// Large blocks begin at a page's boundary, and hardly any of malloc's does.
void release(void* at) noexcept {
  if (reinterpret_cast<std::uintptr_t>(at) % kPage == 0 && at != nullptr && fovea::tools::large_blocks.give(at)) return;
  std::free(at);
}

}  // namespace

void* operator new(std::size_t bytes) { return allocate(bytes, alignof(std::max_align_t)); }
void* operator new(std::size_t bytes, std::align_val_t alignment) {
  return allocate(bytes, static_cast<std::size_t>(alignment));
}
void operator delete(void* at) noexcept { release(at); }
void operator delete(void* at, std::size_t) noexcept { release(at); }
void operator delete(void* at, std::align_val_t) noexcept { release(at); }
void operator delete(void* at, std::size_t, std::align_val_t) noexcept { release(at); }

#endif
