// The doubling table of a fractal heap, and its three kinds of objects.
#include "loaders/hdf5/objects/fractal_heap.h"

#include <algorithm>
#include <bit>
#include <cstring>

#include "loaders/hdf5/io/address.h"
#include "loaders/hdf5/io/powers.h"
#include "loaders/hdf5/io/sums.h"
#include "loaders/hdf5/objects/b_tree_2.h"
#include "loaders/io/cursor.h"

namespace fovea::hdf5 {
namespace {

constexpr std::size_t kHeapHeadBytes = 146;  // without filters
constexpr std::size_t kHeapBlockHead = 13;   // signature, version, address of the head
constexpr std::size_t kLongestShortTiny = 16;
constexpr std::uint64_t kMostBlockBytes = std::uint64_t{1} << 31;
constexpr unsigned kHugeByTree = 1;  // types of records

}  // namespace

FractalHeap::FractalHeap(const Blocks& blocks, std::uint64_t address, const char* damage)
    : blocks_(blocks), address_(address), damage_(damage) {
  // The sum of a head with filters is further on; such a heap is refused before it is looked at.
  const Block start = blocks.read(address, 9, damage);
  if (std::memcmp(start.data(), "FRHP", 4) == 0 && little_endian(&start[7], 2) != 0) {
    throw Refusal("its links or attributes are compressed, which is not supported");
  }
  const Block head = blocks.read_summed(address, kHeapHeadBytes, "FRHP", 0, damage);
  Cursor cursor{std::span(head).subspan(5), damage};
  id_bytes_ = static_cast<std::size_t>(cursor.number(2));
  cursor.take(2);
  direct_sums_ = (cursor.number(1) & 2) != 0;
  const std::uint64_t most_object = cursor.number(4);
  cursor.take(8);
  huge_tree_ = cursor.number(8);
  cursor.take(10 * 8);  // free space and statistics
  width_ = cursor.number(2);
  start_bytes_ = cursor.number(8);
  const std::uint64_t most_direct = cursor.number(8);
  most_bits_ = cursor.number(2);
  cursor.take(2);
  root_ = cursor.number(8);
  root_rows_ = cursor.number(2);
  cursor.require(std::has_single_bit(width_) && std::has_single_bit(start_bytes_) && std::has_single_bit(most_direct));
  cursor.require(start_bytes_ <= most_direct && most_direct <= kMostBlockBytes && width_ * start_bytes_ <= most_direct);
  cursor.require(most_bits_ > log_2(most_direct) && most_bits_ <= 64);
  direct_rows_ = log_2(most_direct) - log_2(start_bytes_) + 2;
  offset_bytes_ = static_cast<std::size_t>((most_bits_ + 7) / 8);
  length_bytes_ = std::min<std::size_t>(static_cast<std::size_t>(log_2(most_direct) + 7) / 8,
                                        (static_cast<std::size_t>(std::bit_width(most_object)) + 7) / 8);
  // The rows of the largest table that the heap's addresses reach: the first two together are twice a row.
  cursor.require(root_rows_ <= most_bits_ - log_2(start_bytes_ * width_) + 1);
  cursor.require(id_bytes_ > offset_bytes_ + length_bytes_ && length_bytes_ > 0);
}

void FractalHeap::fail() const { throw Refusal(damage_); }

std::vector<unsigned char> FractalHeap::copy(std::span<const unsigned char> bytes) const {
  blocks_.budget.spend(bytes.size());  // many identifiers may name one object
  return {bytes.begin(), bytes.end()};
}

std::vector<unsigned char> FractalHeap::object(std::span<const unsigned char> id) {
  if (id.size() != id_bytes_ || id[0] >> 6 != 0) fail();
  switch (id[0] >> 4 & 3) {
    case 0:
      return managed(id.subspan(1));
    case 1:
      return huge(id.subspan(1));
    case 2:
      return tiny(id);
    default:
      fail();
  }
}

std::vector<unsigned char> FractalHeap::managed(std::span<const unsigned char> place) {
  Cursor cursor(place, damage_);
  const std::uint64_t offset = cursor.number(offset_bytes_);
  const std::uint64_t size = cursor.number(length_bytes_);
  const auto [block, begin] = block_with(offset);
  const std::uint64_t at = offset - begin, head = kHeapBlockHead + offset_bytes_ + (direct_sums_ ? kSumBytes : 0);
  if (at < head || at > block->size() || size == 0 || size > block->size() - at) fail();
  return copy(std::span(*block).subspan(at, size));
}

std::vector<unsigned char> FractalHeap::tiny(std::span<const unsigned char> id) const {
  const bool extended = id.size() - 1 > kLongestShortTiny;
  const std::size_t size = (id[0] & 15U) << (extended ? 8 : 0) | (extended ? id[1] : 0U);
  Cursor cursor(id.subspan(extended ? 2 : 1), damage_);
  return copy(cursor.take(size + 1));
}

/// An identifier that is long enough says itself where the object is.
std::vector<unsigned char> FractalHeap::huge(std::span<const unsigned char> place) {
  Cursor cursor(place, damage_);
  if (place.size() >= 16) {
    const std::uint64_t address = cursor.number(8);
    return blocks_.read(address, cursor.number(8), damage_);
  }
  if (!huge_) list_huge();
  const auto found = huge_->find(cursor.number(std::min<std::size_t>(place.size(), 8)));
  if (found == huge_->end()) fail();
  return blocks_.read(found->second.address, found->second.size, damage_);
}

void FractalHeap::list_huge() {
  huge_.emplace();
  if (huge_tree_ == kNoAddress) return;
  const BTree2 tree(blocks_, huge_tree_, kHugeByTree, damage_);
  if (tree.record_bytes() != 24) fail();
  tree.walk([this](std::span<const unsigned char> record) {
    blocks_.budget.count_item();
    const Extent extent{little_endian(&record[0], 8), little_endian(&record[8], 8)};
    if (!huge_->emplace(little_endian(&record[16], 8), extent).second) fail();
  });
}

/// Row r > 0 begins where all before it end: at the heap's first row's bytes, doubled r - 1 times.
std::pair<const Block*, std::uint64_t> FractalHeap::block_with(std::uint64_t offset) {
  if (root_ == kNoAddress) fail();
  if (root_rows_ == 0) return {&direct_block(root_, 0, start_bytes_), 0};
  std::uint64_t address = root_, begin = 0, rows = root_rows_;
  const std::uint64_t first_row = start_bytes_ * width_;
  while (true) {
    const std::uint64_t within = offset - begin;
    const std::uint64_t row = within < first_row ? 0 : log_2(within / first_row) + 1;
    if (row >= rows) fail();
    const std::uint64_t row_begin = row == 0 ? 0 : first_row << (row - 1);
    const std::uint64_t column = (within - row_begin) / row_bytes(row);
    const Block& table = indirect_block(address, begin, rows);
    const std::size_t entry = kHeapBlockHead + offset_bytes_ + kAddressBytes * (row * width_ + column);
    address = little_endian(&table[entry], kAddressBytes);
    begin += row_begin + column * row_bytes(row);
    if (row < direct_rows_) return {&direct_block(address, begin, row_bytes(row)), begin};
    // A table as large as this place has fewer rows than this one, so that the walk ends.
    rows = log_2(row_bytes(row) / first_row) + 1;
  }
}

const Block& FractalHeap::indirect_block(std::uint64_t address, std::uint64_t offset, std::uint64_t rows) {
  const std::uint64_t size = kHeapBlockHead + offset_bytes_ + kAddressBytes * rows * width_ + kSumBytes;
  const auto known = known_.find(address);
  if (known != known_.end()) {
    check_block(known->second, "FHIB", offset);
    if (known->second.size() != size) fail();
    return known->second;
  }
  Block block = blocks_.read_summed(address, size, "FHIB", 0, damage_);
  check_block(block, "FHIB", offset);
  return known_.emplace(address, std::move(block)).first->second;
}

const Block& FractalHeap::direct_block(std::uint64_t address, std::uint64_t offset, std::uint64_t size) {
  const auto known = known_.find(address);
  if (known != known_.end()) {
    check_block(known->second, "FHDB", offset);
    if (known->second.size() != size) fail();
    return known->second;
  }
  Block block = blocks_.read(address, size, damage_);
  check_block(block, "FHDB", offset);
  if (direct_sums_) {
    const std::size_t at = kHeapBlockHead + offset_bytes_;
    if (block.size() < at + kSumBytes || !has_its_sum_at(block, at)) fail();
  }
  return known_.emplace(address, std::move(block)).first->second;
}

/// Every block says of which heap it is and where in it, so that none stands in two places.
void FractalHeap::check_block(const Block& block, const char* signature, std::uint64_t offset) const {
  const bool good = block.size() >= kHeapBlockHead + offset_bytes_ && std::memcmp(block.data(), signature, 4) == 0 &&
                    block[4] == 0 && little_endian(&block[5], kAddressBytes) == address_ &&
                    little_endian(&block[kHeapBlockHead], static_cast<int>(offset_bytes_)) == offset;
  if (!good) fail();
}

}  // namespace fovea::hdf5
