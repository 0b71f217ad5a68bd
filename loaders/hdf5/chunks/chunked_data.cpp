// Reading chunks and putting them in their places.
#include "loaders/hdf5/chunks/chunked_data.h"

#include <algorithm>
#include <functional>
#include <numeric>

#include "base/load_scope.h"
#include "loaders/hdf5/chunks/chunk_grid.h"
#include "loaders/hdf5/messages/number_conversion.h"
#include "loaders/io/refusal.h"

namespace fovea::hdf5 {
namespace {

/// True if a part of the chunk is beyond the data.
bool stands_out(const ChunkedData& data, const Places& origin) {
  for (std::size_t i = 0; i < origin.size(); ++i) {
    if (data.shape[i] - origin[i] < data.layout.sides[i]) return true;
  }
  return false;
}

/// Makes floats of the elements of a chunk along the axes from `axis` on; what is beyond the data is dropped.
/// `from_step` and `to_step` are the elements of the chunk and the data before `axis` is taken apart.
void place(const ChunkedData& data, const Places& origin, std::size_t axis, const unsigned char* from,
           std::uint64_t from_step, float* to, std::uint64_t to_step) {
  const std::uint64_t side = data.layout.sides[axis];
  const std::uint64_t shown = std::min(side, data.shape[axis] - origin[axis]);
  from_step /= side;
  to_step /= data.shape[axis];
  to += origin[axis] * to_step;
  if (axis + 1 == data.shape.size()) {
    to_floats(data.type, from, shown, to);
    return;
  }
  for (std::uint64_t i = 0; i < shown; ++i) {
    place(data, origin, axis + 1, from + i * from_step * data.type.size, from_step, to + i * to_step, to_step);
  }
}

}  // namespace

void read_chunks(const RawFile& file, const ChunkedData& data, float* out) {
  const auto& sides = data.layout.sides;
  const std::uint64_t elements = std::accumulate(sides.begin(), sides.end() - 1, std::uint64_t{1}, std::multiplies<>());
  const std::uint64_t all =
      std::accumulate(data.shape.begin(), data.shape.end(), std::uint64_t{1}, std::multiplies<>());
  const ChunkGrid grid(data.shape, sides);
  Places origin;
  std::vector<unsigned char> bytes;
  for (const Chunk& chunk : data.chunks) {
    LoadScope::check_cancelled();
    grid.places(chunk.number, origin);
    for (std::size_t i = 0; i < origin.size(); ++i) origin[i] *= sides[i];
    bytes.resize(chunk.bytes);
    if (!file.read(chunk.address, chunk.bytes, bytes.data())) throw Refusal("a chunk cannot be read");
    const bool unfiltered = data.layout.edges_unfiltered && stands_out(data, origin);
    undo_filters(data.filters, unfiltered ? UINT32_MAX : chunk.mask, elements * data.type.size, bytes);
    place(data, origin, 0, bytes.data(), elements, out, all);
  }
}

}  // namespace fovea::hdf5
