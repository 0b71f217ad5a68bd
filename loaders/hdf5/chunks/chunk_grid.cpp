// Counting chunks.
#include "loaders/hdf5/chunks/chunk_grid.h"

#include "loaders/io/refusal.h"

namespace fovea::hdf5 {

ChunkGrid::ChunkGrid(std::span<const std::uint64_t> sides, std::span<const std::uint32_t> chunk_sides,
                     std::size_t slowest) {
  std::uint64_t all = 1;
  for (std::size_t axis = 0; axis < sides.size(); ++axis) {
    counts_.push_back(sides[axis] / chunk_sides[axis] + (sides[axis] % chunk_sides[axis] != 0 ? 1 : 0));
    if (axis != slowest && __builtin_mul_overflow(all, counts_.back(), &all)) {
      throw Refusal("declares an impossible size");
    }
  }
  if (!sides.empty()) order_.push_back(slowest);
  for (std::size_t axis = 0; axis < sides.size(); ++axis) {
    if (axis != slowest) order_.push_back(axis);
  }
}

std::optional<std::uint64_t> ChunkGrid::number(std::span<const std::uint64_t> places) const {
  std::uint64_t number = 0;
  for (const std::size_t axis : order_) {
    if (places[axis] >= counts_[axis]) return std::nullopt;
    if (__builtin_mul_overflow(number, counts_[axis], &number)) return std::nullopt;
    if (__builtin_add_overflow(number, places[axis], &number)) return std::nullopt;
  }
  return number;
}

void ChunkGrid::places(std::uint64_t number, Places& out) const {
  out.assign(counts_.size(), 0);
  for (std::size_t i = order_.size(); i-- > 1;) {
    const std::uint64_t count = counts_[order_[i]];
    if (count == 0) return;  // none at all: the place is then not in the data
    out[order_[i]] = number % count;
    number /= count;
  }
  if (!order_.empty()) out[order_[0]] = number;
}

}  // namespace fovea::hdf5
