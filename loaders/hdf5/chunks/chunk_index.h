// Where the chunks of a data set are, by each of the six ways in which a file says it.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "loaders/hdf5/io/blocks.h"
#include "loaders/hdf5/messages/layout.h"
#include "loaders/hdf5/messages/messages.h"
#include "loaders/hdf5/objects/b_tree.h"

namespace fovea::hdf5 {

struct Chunk {
  std::uint64_t number = 0;  ///< in C order of the chunks
  std::uint64_t address = 0, bytes = 0;
  std::uint32_t mask = 0;  ///< a bit for each filter that was left out
};

/// A data set in chunks.
struct ChunkedSpace {
  const ChunkLayout& layout;
  const DataSpace& space;
  bool filtered;

  /// Of a chunk, without filters. Throws Refusal if there is no such number.
  std::uint64_t chunk_bytes() const;
};

/// All chunks that hold a part of the data and were written, one at most for each place. Throws Refusal unless they lie
/// in the file, beside one another.
std::vector<Chunk> list_chunks(const Blocks& blocks, const TreeSizes& sizes, const ChunkedSpace& set);

/// The element of an index with the number `number`.
using VisitElement = std::function<void(std::uint64_t number, std::span<const unsigned char> element)>;

/// Throws Refusal unless an element of an array may have so many bytes: an address and, behind filters, the stored
/// bytes and a mask.
void check_element_bytes(std::uint64_t bytes, bool filtered);

/// Visits the elements of an array (format specification, VII). Throws Refusal unless they are those of chunks with or
/// without filters.
void walk_fixed_array(const Blocks& blocks, std::uint64_t address, bool filtered, const VisitElement& visit);
void walk_extensible_array(const Blocks& blocks, std::uint64_t address, bool filtered, const VisitElement& visit);

}  // namespace fovea::hdf5
