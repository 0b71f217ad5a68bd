// Reading chunks and putting them in their places.
#include "loaders/hdf5/chunked_data.h"

#include <algorithm>
#include <cstring>
#include <numeric>

namespace fovea::hdf5 {
namespace {

/// Chunks beyond the data are left over where it was larger once.
bool is_inside(const Chunk& chunk, const std::vector<std::uint64_t>& shape) {
  for (std::size_t i = 0; i < shape.size(); ++i) {
    if (chunk.origin[i] >= shape[i]) return false;
  }
  return true;
}

/// Copies the elements of a chunk along the axes from `axis` on; what is beyond the data is dropped. `from_step` and
/// `to_step` are the elements of the chunk and the data before `axis` is taken apart.
void place(const ChunkedData& data, const Chunk& chunk, std::size_t axis, const float* from, std::uint64_t from_step,
           float* to, std::uint64_t to_step) {
  const std::uint64_t shown = std::min<std::uint64_t>(data.sides[axis], data.shape[axis] - chunk.origin[axis]);
  from_step /= data.sides[axis];
  to_step /= data.shape[axis];
  to += chunk.origin[axis] * to_step;
  if (axis + 1 == data.shape.size()) {
    std::copy_n(from, shown, to);
    return;
  }
  for (std::uint64_t i = 0; i < shown; ++i) {
    place(data, chunk, axis + 1, from + i * from_step, from_step, to + i * to_step, to_step);
  }
}

}  // namespace

std::uint64_t ChunkedData::chunk_bytes() const {
  std::uint64_t bytes = 1;
  for (const std::uint32_t side : sides) {
    if (__builtin_mul_overflow(bytes, side, &bytes)) return UINT64_MAX;
  }
  return bytes;
}

std::uint64_t ChunkedData::all_bytes() const {
  const auto count = std::count_if(chunks.begin(), chunks.end(), [&](const Chunk& c) { return is_inside(c, shape); });
  std::uint64_t bytes = 0;
  return __builtin_mul_overflow(static_cast<std::uint64_t>(count), chunk_bytes(), &bytes) ? UINT64_MAX : bytes;
}

std::string read_chunks(const RawFile& file, const ChunkedData& data, const ToFloats& to_floats, float* out) {
  const std::uint64_t size = data.chunk_bytes();
  const std::uint64_t elements = size / data.sides.back();
  const std::uint64_t all =
      std::accumulate(data.shape.begin(), data.shape.end(), std::uint64_t{1}, std::multiplies<>());
  std::vector<unsigned char> bytes;
  std::vector<float> floats;
  for (const Chunk& chunk : data.chunks) {
    if (!is_inside(chunk, data.shape)) continue;
    bytes.resize(chunk.bytes);
    if (!file.read(chunk.address, chunk.bytes, bytes.data())) return "a chunk cannot be read";
    if (auto wrong = undo_filters(data.filters, chunk.mask, size, bytes); !wrong.empty()) return wrong;
    if (!to_floats(bytes)) return "a chunk's numbers cannot be read";
    floats.resize(elements);
    std::memcpy(floats.data(), bytes.data(), elements * sizeof(float));
    place(data, chunk, 0, floats.data(), elements, out, all);
  }
  return "";
}

}  // namespace fovea::hdf5
