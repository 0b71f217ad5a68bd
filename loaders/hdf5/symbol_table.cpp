// Local heaps and symbol table nodes.
#include "loaders/hdf5/symbol_table.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <vector>

namespace fovea::hdf5 {
namespace {

constexpr std::size_t kHeapHead = 32;    // "HEAP", version, 3 reserved, size, first free block, address of the data
constexpr std::uint64_t kEndOfFree = 1;  // instead of a block's offset
constexpr std::uint64_t kFreeHead = 16;  // offset of the next, size
constexpr std::size_t kNodeHead = 8;     // "SNOD", version, reserved, 2 bytes of the number of links
constexpr std::size_t kEntry = 40;       // name, header, kind of what is cached, 4 reserved, 16 cached
constexpr std::uint64_t kCachedSoftLink = 2;
constexpr const char* kDamagedNames = "the file is damaged: bad names of its parts";
constexpr const char* kDamagedLinks = "the file is damaged: bad list of its parts";

/// The names of a group's links.
class LocalHeap {
 public:
  /// False if it is damaged or the budget is spent.
  bool read(const RawFile& file, ReadBudget& budget, std::uint64_t address);
  /// True if text starts at `offset` and ends within the heap.
  bool holds_text(std::uint64_t offset) const { return offset < end_; }

 private:
  bool free_list_ends(std::uint64_t first) const;

  std::vector<unsigned char> bytes_;
  std::uint64_t end_ = 0;  ///< behind the last null
};

bool LocalHeap::read(const RawFile& file, ReadBudget& budget, std::uint64_t address) {
  std::array<unsigned char, kHeapHead> head{};
  if (!file.read(address, head.size(), head.data())) return false;
  if (std::memcmp(head.data(), "HEAP", 4) != 0 || head[4] != 0) return false;
  const std::uint64_t size = little_endian(&head[8], 8);
  const std::uint64_t data = little_endian(&head[24], 8);
  if (size > file.left(data) || !budget.spend(kHeapHead + size)) return false;
  bytes_.resize(size);
  if (!file.read(data, size, bytes_.data())) return false;
  const auto last = std::find(bytes_.rbegin(), bytes_.rend(), 0);
  end_ = static_cast<std::uint64_t>(bytes_.rend() - last);
  return free_list_ends(little_endian(&head[16], 8));
}

bool LocalHeap::free_list_ends(std::uint64_t first) const {
  const std::uint64_t most = bytes_.size() / kFreeHead;
  std::uint64_t at = first;
  for (std::uint64_t blocks = 0; at != kEndOfFree; ++blocks) {
    if (blocks >= most || bytes_.size() < kFreeHead || at > bytes_.size() - kFreeHead) return false;
    if (little_endian(&bytes_[at + 8], 8) > bytes_.size() - at) return false;
    at = little_endian(&bytes_[at], 8);
  }
  return true;
}

}  // namespace

std::string check_symbol_table(const RawFile& file, ReadBudget& budget, const TreeSizes& sizes,
                               const SymbolTable& table) {
  LocalHeap heap;
  if (!heap.read(file, budget, table.heap)) return kDamagedNames;
  const auto check_node = [&](const unsigned char* key, std::uint64_t address, const unsigned char* next) {
    if (!heap.holds_text(little_endian(key, 8)) || !heap.holds_text(little_endian(next, 8))) return kDamagedNames;
    std::array<unsigned char, kNodeHead> head{};
    if (!file.read(address, head.size(), head.data())) return kDamagedLinks;
    const std::uint64_t links = little_endian(&head[6], 2);
    if (std::memcmp(head.data(), "SNOD", 4) != 0 || head[4] != 1 || links > sizes.links) return kDamagedLinks;
    std::vector<unsigned char> entries(links * kEntry);
    if (!budget.spend(entries.size())) return kDamagedLinks;
    if (!file.read(address + kNodeHead, entries.size(), entries.data())) return kDamagedLinks;
    for (std::uint64_t i = 0; i < links; ++i) {
      const unsigned char* entry = &entries[i * kEntry];
      const bool soft = little_endian(entry + 16, 4) == kCachedSoftLink;
      if (!heap.holds_text(little_endian(entry, 8))) return kDamagedNames;
      if (soft && !heap.holds_text(little_endian(entry + 24, 4))) return kDamagedNames;
    }
    return "";
  };
  return TreeWalk(file, budget, {0, 8, sizes.groups}, check_node).run(table.tree);
}

}  // namespace fovea::hdf5
