// A data set's chunks put together.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "loaders/hdf5/chunks/chunk_index.h"
#include "loaders/hdf5/messages/data_type.h"
#include "loaders/hdf5/messages/filters.h"
#include "loaders/io/raw_file.h"

namespace fovea::hdf5 {

struct ChunkedData {
  const DataType& type;
  const std::vector<std::uint64_t>& shape;
  const ChunkLayout& layout;
  std::span<const Filter> filters;
  std::span<const Chunk> chunks;  ///< of list_chunks
};

/// Reads all elements into `out`, in C order; those that no chunk holds stay as they are. Throws Refusal.
void read_chunks(const RawFile& file, const ChunkedData& data, float* out);

}  // namespace fovea::hdf5
