// Where the chunks of a data set are, by the index that h5py writes: a B-tree. HDF5 1.10 trusts the sizes in it.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "loaders/hdf5/b_tree.h"
#include "loaders/hdf5/raw_file.h"

namespace fovea::hdf5 {

constexpr std::size_t kMostSides = 33;  // of a chunk, one of them an element's bytes

/// A layout message of version 1 to 3 (format specification, IV.A.2.i).
struct ChunkLayout {
  std::uint64_t index = 0;  ///< address of the tree
  std::vector<std::uint32_t> sides;
};

struct Chunk {
  std::vector<std::uint64_t> origin;  ///< its first element, as in the data set
  std::uint64_t address = 0, bytes = 0;
  std::uint32_t mask = 0;  ///< a bit for each filter that was left out
};

/// "" if every chunk lies in the file, starts at a multiple of its sides, and comes after the one before it; else what
/// is wrong. So there is at most one for each place.
std::string check_chunks(const RawFile& file, std::span<const std::uint32_t> sides, std::span<const Chunk> chunks);

/// Adds all chunks of a data set to `out`, checked; "" or what is wrong.
std::string list_chunks(const RawFile& file, ReadBudget& budget, const TreeSizes& sizes, const ChunkLayout& layout,
                        std::vector<Chunk>& out);

}  // namespace fovea::hdf5
