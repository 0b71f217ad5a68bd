// Where a data set's elements are (format specification, IV.A.2.i).
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace fovea::hdf5 {

constexpr std::size_t kMostSides = 33;  // of a chunk, one of them an element's bytes

/// Chunks and what finds them.
struct ChunkLayout {
  enum class Index { tree, single, implicit, fixed_array, extensible_array, tree_2 };

  Index index = Index::tree;
  std::uint64_t address = 0;         ///< of the index, or of the chunks
  std::vector<std::uint32_t> sides;  ///< the last an element's bytes
  bool edges_unfiltered = false;     ///< chunks that stand out over the data went through no filter
  // Of a single chunk that went through filters.
  std::optional<std::uint64_t> single_bytes;
  std::uint32_t single_mask = 0;
};

struct Layout {
  enum class Kind { compact, contiguous, chunked, virtual_set };

  Kind kind = Kind::contiguous;
  std::vector<unsigned char> compact;  ///< the elements themselves
  std::uint64_t address = 0;           ///< of contiguous elements
  std::optional<std::uint64_t> bytes;  ///< of contiguous elements; versions 1 and 2 do not say
  ChunkLayout chunks;
};

/// Throws Refusal.
Layout read_layout(std::span<const unsigned char> bytes);

}  // namespace fovea::hdf5
