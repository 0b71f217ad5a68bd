// A data set's chunks put together.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "loaders/hdf5/chunk_index.h"
#include "loaders/hdf5/filters.h"
#include "loaders/hdf5/raw_file.h"

namespace fovea::hdf5 {

struct ChunkedData {
  std::vector<std::uint64_t> shape;
  std::vector<std::uint32_t> sides;  ///< of a chunk, the last an element's bytes
  std::vector<Filter> filters;
  std::vector<Chunk> chunks;  ///< checked (chunk_index.h)

  std::uint64_t chunk_bytes() const;  ///< without filters; UINT64_MAX if there is no such number
  /// Bytes of all chunks that hold a part of the data; UINT64_MAX if there is no such number.
  std::uint64_t all_bytes() const;
};

/// Makes floats of the elements of a chunk, in the same place; false if it cannot.
using ToFloats = std::function<bool(std::vector<unsigned char>& chunk)>;

/// Reads all elements into `out`, in C order; those that no chunk holds stay as they are. "" or what is wrong.
std::string read_chunks(const RawFile& file, const ChunkedData& data, const ToFloats& to_floats, float* out);

}  // namespace fovea::hdf5
