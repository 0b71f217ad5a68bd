// Fractal heaps (format specification, III.G): blocks whose sizes double row by row, in which the messages of dense
// links and attributes lie; what is too large for a block lies by itself.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "loaders/hdf5/io/blocks.h"

namespace fovea::hdf5 {

class FractalHeap {
 public:
  /// Reads the head of the heap at `address`. Throws Refusal with `damage` unless it makes sense.
  FractalHeap(const Blocks& blocks, std::uint64_t address, const char* damage);

  std::size_t id_bytes() const { return id_bytes_; }
  /// The object that an identifier of `id_bytes` stands for. Throws Refusal.
  std::vector<unsigned char> object(std::span<const unsigned char> id);

 private:
  /// Where objects lie by themselves.
  struct Extent {
    std::uint64_t address, size;
  };

  std::vector<unsigned char> managed(std::span<const unsigned char> place);
  std::vector<unsigned char> huge(std::span<const unsigned char> place);
  std::vector<unsigned char> tiny(std::span<const unsigned char> id) const;
  void list_huge();
  std::vector<unsigned char> copy(std::span<const unsigned char> bytes) const;

  /// The block with the address `offset` of the heap's own counting, and where it begins there.
  std::pair<const Block*, std::uint64_t> block_with(std::uint64_t offset);
  const Block& indirect_block(std::uint64_t address, std::uint64_t offset, std::uint64_t rows);
  const Block& direct_block(std::uint64_t address, std::uint64_t offset, std::uint64_t size);
  void check_block(const Block& block, const char* signature, std::uint64_t offset) const;

  std::uint64_t row_bytes(std::uint64_t row) const { return start_bytes_ << (row == 0 ? 0 : row - 1); }
  [[noreturn]] void fail() const;

  const Blocks& blocks_;
  const std::uint64_t address_;
  const char* damage_;
  // From the head.
  std::size_t id_bytes_ = 0;
  bool direct_sums_ = false;
  std::uint64_t huge_tree_ = 0;
  std::uint64_t width_ = 0, start_bytes_ = 0, direct_rows_ = 0;
  std::size_t offset_bytes_ = 0, length_bytes_ = 0;
  std::uint64_t most_bits_ = 0, root_ = 0, root_rows_ = 0;

  std::map<std::uint64_t, Block> known_;  ///< by address
  std::optional<std::map<std::uint64_t, Extent>> huge_;
};

}  // namespace fovea::hdf5
