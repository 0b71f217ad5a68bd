// Local heaps and symbol table nodes.
#include "loaders/hdf5/objects/symbol_table.h"

#include <algorithm>
#include <cstring>

#include "loaders/hdf5/io/damage.h"
#include "loaders/io/cursor.h"

namespace fovea::hdf5 {
namespace {

constexpr std::size_t kLocalHeapHead = 32;  // "HEAP", version, 3 reserved, size, first free block, address of the data
constexpr std::uint64_t kEndOfFree = 1;     // instead of a block's offset
constexpr std::uint64_t kFreeHead = 16;     // offset of the next, size
constexpr std::size_t kSymbolNodeHead = 8;  // "SNOD", version, reserved, 2 bytes of the number of links
constexpr std::size_t kEntry = 40;          // name, header, kind of what is cached, 4 reserved, 16 cached
constexpr std::uint64_t kCachedSoftLink = 2;
constexpr const char* kDamagedNames = "the file is damaged: bad names of its parts";

/// The names of a group's links.
class LocalHeap {
 public:
  LocalHeap(const Blocks& blocks, std::uint64_t address);
  /// Throws Refusal unless text starts at `offset` and ends within the heap.
  std::string text(std::uint64_t offset) const;
  void check_text(std::uint64_t offset) const {
    if (offset >= end_) throw Refusal(kDamagedNames);
  }

 private:
  /// The list of free space is not needed; a file in which it leads anywhere else is damaged.
  void check_free_list(std::uint64_t first) const;

  Block bytes_;
  std::uint64_t end_ = 0;  ///< behind the last null
};

LocalHeap::LocalHeap(const Blocks& blocks, std::uint64_t address) {
  const Block head = blocks.read(address, kLocalHeapHead, kDamagedNames);
  if (std::memcmp(head.data(), "HEAP", 4) != 0 || head[4] != 0) throw Refusal(kDamagedNames);
  bytes_ = blocks.read(little_endian(&head[24], 8), little_endian(&head[8], 8), kDamagedNames);
  const auto last = std::find(bytes_.rbegin(), bytes_.rend(), 0);
  end_ = static_cast<std::uint64_t>(bytes_.rend() - last);
  check_free_list(little_endian(&head[16], 8));
}

std::string LocalHeap::text(std::uint64_t offset) const {
  check_text(offset);
  return reinterpret_cast<const char*>(&bytes_[offset]);
}

void LocalHeap::check_free_list(std::uint64_t first) const {
  const std::uint64_t most = bytes_.size() / kFreeHead;
  std::uint64_t at = first;
  for (std::uint64_t blocks = 0; at != kEndOfFree; ++blocks) {
    if (blocks >= most || bytes_.size() < kFreeHead || at > bytes_.size() - kFreeHead) throw Refusal(kDamagedNames);
    if (little_endian(&bytes_[at + 8], 8) > bytes_.size() - at) throw Refusal(kDamagedNames);
    at = little_endian(&bytes_[at], 8);
  }
}

}  // namespace

SymbolTable read_symbol_table_message(MessageBytes bytes) {
  Cursor cursor(bytes, kDamagedLinks);
  const std::uint64_t tree = cursor.number(8);
  return {tree, cursor.number(8)};
}

std::vector<Link> read_symbol_table(const Blocks& blocks, const TreeSizes& sizes, const SymbolTable& table) {
  const LocalHeap heap(blocks, table.heap);
  std::vector<Link> links;
  const auto read_node = [&](const unsigned char* key, std::uint64_t address, const unsigned char* next) {
    heap.check_text(little_endian(key, 8));
    heap.check_text(little_endian(next, 8));
    const Block head = blocks.read(address, kSymbolNodeHead, kDamagedLinks);
    const std::uint64_t count = little_endian(&head[6], 2);
    if (std::memcmp(head.data(), "SNOD", 4) != 0 || head[4] != 1 || count > sizes.links) throw Refusal(kDamagedLinks);
    const Block entries = blocks.read(address + kSymbolNodeHead, count * kEntry, kDamagedLinks);
    for (std::uint64_t i = 0; i < count; ++i) {
      const unsigned char* entry = &entries[i * kEntry];
      const bool soft = little_endian(entry + 16, 4) == kCachedSoftLink;
      if (soft) heap.check_text(little_endian(entry + 24, 4));
      blocks.budget.count_item();
      links.push_back({soft ? Link::Kind::soft : Link::Kind::hard, heap.text(little_endian(entry, 8)),
                       little_endian(entry + 8, 8)});
      blocks.budget.spend(links.back().name.size());  // many may share one
    }
  };
  TreeWalk(blocks, {0, 8, sizes.groups}, read_node).run(table.tree);
  return links;
}

}  // namespace fovea::hdf5
