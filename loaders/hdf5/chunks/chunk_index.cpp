// The ways to a chunk, but the arrays' own blocks.
#include "loaders/hdf5/chunks/chunk_index.h"

#include <algorithm>
#include <optional>

#include "loaders/hdf5/chunks/chunk_grid.h"
#include "loaders/hdf5/io/address.h"
#include "loaders/hdf5/io/damage.h"
#include "loaders/hdf5/objects/b_tree_2.h"
#include "loaders/io/refusal.h"

namespace fovea::hdf5 {
namespace {

constexpr std::size_t kMask = 4;
constexpr unsigned kPlainRecords = 10, kFilteredRecords = 11;  // types of records

/// What stands in an index for a chunk: its address and, behind filters, its bytes and its mask.
Chunk read_chunk(std::span<const unsigned char> element, std::uint64_t plain_bytes) {
  Chunk chunk{0, little_endian(&element[0], kAddressBytes), plain_bytes, 0};
  if (element.size() == kAddressBytes) return chunk;
  const std::size_t size = element.size() - kAddressBytes - kMask;
  chunk.bytes = little_endian(&element[kAddressBytes], static_cast<int>(size));
  chunk.mask = static_cast<std::uint32_t>(little_endian(&element[kAddressBytes + size], kMask));
  return chunk;
}

class Collector {
 public:
  Collector(const Blocks& blocks, const TreeSizes& sizes, const ChunkedSpace& set)
      : blocks_(blocks),
        sizes_(sizes),
        set_(set),
        layout_(set.layout),
        bytes_(set.chunk_bytes()),
        grid_(set.space.sides, set.layout.sides) {}

  std::vector<Chunk> run() {
    if (layout_.address == kNoAddress) return {};
    switch (layout_.index) {
      case ChunkLayout::Index::tree:
        read_tree();
        break;
      case ChunkLayout::Index::single:
        read_single();
        break;
      case ChunkLayout::Index::implicit:
        read_implicit();
        break;
      case ChunkLayout::Index::fixed_array:
        read_array(walk_fixed_array, ChunkGrid(set_.space.most_sides, layout_.sides));
        break;
      case ChunkLayout::Index::extensible_array:
        read_array(walk_extensible_array, ChunkGrid(set_.space.most_sides, layout_.sides, unlimited_axis()));
        break;
      case ChunkLayout::Index::tree_2:
        read_tree_2();
        break;
    }
    return std::move(chunks_);
  }

 private:
  /// Chunks beyond the data are left over where it was larger once.
  void add(const Places& places, Chunk chunk) {
    const auto number = grid_.number(places);
    if (!number || chunk.address == kNoAddress) return;
    const std::uint64_t left = blocks_.file.left(chunk.address);
    if (chunk.bytes > left || chunk.bytes == 0) throw Refusal(kDamagedChunks);
    // With what stands for it in the index. Each is at most as large as the file, and then it ends.
    stored_ += chunk.bytes + (layout_.index == ChunkLayout::Index::implicit ? 0 : kAddressBytes);
    if (stored_ > blocks_.file.left(0)) throw Refusal(kDamagedChunks);
    chunk.number = *number;
    chunks_.push_back(chunk);
  }

  /// In a tree they are in order, so that there is one at most for each place.
  void add_next(const Chunk& chunk) {
    if (last_ && *last_ >= places_) throw Refusal(kDamagedChunks);
    last_ = places_;
    add(places_, chunk);
  }

  void read_tree() {
    constexpr std::size_t kHead = 8;  // 4 bytes of the stored size, 4 of the mask; then a coordinate for each side
    const auto visit = [&](const unsigned char* key, std::uint64_t address, const unsigned char*) {
      places_.clear();
      for (std::size_t i = 0; i < grid_.axes(); ++i) {
        const std::uint64_t origin = little_endian(key + kHead + 8 * i, 8);
        if (origin % layout_.sides[i] != 0) throw Refusal(kDamagedChunks);
        places_.push_back(origin / layout_.sides[i]);
      }
      add_next({0, address, little_endian(key, 4), static_cast<std::uint32_t>(little_endian(key + 4, 4))});
    };
    TreeWalk(blocks_, {1, kHead + 8 * layout_.sides.size(), sizes_.chunks}, visit).run(layout_.address);
  }

  void read_tree_2() {
    const BTree2 tree(blocks_, layout_.address, set_.filtered ? kFilteredRecords : kPlainRecords, kDamagedChunks);
    const std::size_t own = kAddressBytes + (set_.filtered ? kMask + 1 : 0), behind = 8 * grid_.axes();
    const std::size_t record_bytes = tree.record_bytes();
    if (set_.filtered ? record_bytes < own + behind || record_bytes > own + 7 + behind : record_bytes != own + behind) {
      throw Refusal(kDamagedChunks);
    }
    tree.walk([&](std::span<const unsigned char> record) {
      const auto coordinates = record.last(behind);
      places_.clear();
      for (std::size_t i = 0; i < grid_.axes(); ++i) places_.push_back(little_endian(&coordinates[8 * i], 8));
      add_next(read_chunk(record.first(record.size() - behind), bytes_));
    });
  }

  void read_single() {
    places_.assign(grid_.axes(), 0);
    for (std::size_t i = 0; i < grid_.axes(); ++i) {
      if (set_.space.sides[i] > layout_.sides[i]) throw Refusal(kDamagedChunks);
    }
    add(places_, {0, layout_.address, layout_.single_bytes.value_or(bytes_), layout_.single_mask});
  }

  /// One behind the other, for what the data may become.
  void read_implicit() {
    const ChunkGrid most(set_.space.most_sides, layout_.sides);
    for (std::uint64_t number = 0;; ++number) {
      grid_.places(number, places_);
      if (!grid_.number(places_)) return;
      const auto before = most.number(places_);
      std::uint64_t address = 0;
      if (!before || __builtin_mul_overflow(*before, bytes_, &address) ||
          __builtin_add_overflow(address, layout_.address, &address)) {
        throw Refusal(kDamagedChunks);
      }
      add(places_, {0, address, bytes_, 0});
    }
  }

  template <class Walk>
  void read_array(const Walk& walk, const ChunkGrid& numbered) {
    walk(blocks_, layout_.address, set_.filtered, [&](std::uint64_t number, std::span<const unsigned char> element) {
      numbered.places(number, places_);
      add(places_, read_chunk(element, bytes_));
    });
  }

  std::size_t unlimited_axis() const {
    const auto& most = set_.space.most_sides;
    const auto found = std::find(most.begin(), most.end(), UINT64_MAX);
    if (found == most.end()) throw Refusal(kDamagedChunks);
    return static_cast<std::size_t>(found - most.begin());
  }

  const Blocks& blocks_;
  const TreeSizes& sizes_;
  const ChunkedSpace& set_;
  const ChunkLayout& layout_;
  const std::uint64_t bytes_;
  const ChunkGrid grid_;
  Places places_;
  std::optional<Places> last_;
  std::uint64_t stored_ = 0;
  std::vector<Chunk> chunks_;
};

}  // namespace

void check_element_bytes(std::uint64_t bytes, bool filtered) {
  constexpr std::uint64_t kLeastSize = 1, kMostSize = 8;  // bytes of the number of stored bytes
  const std::uint64_t plain = kAddressBytes, rest = kAddressBytes + kMask;
  const bool good = filtered ? bytes >= rest + kLeastSize && bytes <= rest + kMostSize : bytes == plain;
  if (!good) throw Refusal(kDamagedChunks);
}

std::uint64_t ChunkedSpace::chunk_bytes() const {
  std::uint64_t bytes = 1;
  for (const std::uint32_t side : layout.sides) {
    if (__builtin_mul_overflow(bytes, side, &bytes)) throw Refusal("its chunks hold far more than its shape");
  }
  return bytes;
}

std::vector<Chunk> list_chunks(const Blocks& blocks, const TreeSizes& sizes, const ChunkedSpace& set) {
  return Collector(blocks, sizes, set).run();
}

}  // namespace fovea::hdf5
