// The places of chunks in a data set.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace fovea::hdf5 {

using Places = std::vector<std::uint64_t>;  ///< a number for each axis

/// How many chunks lie along each axis, and the numbers that chunks have in some order of the axes. Numbers count
/// fastest along the last axis of that order.
class ChunkGrid {
 public:
  /// `sides`: of the data and of a chunk. `slowest`: the axis that comes first in the order, before the others as they
  /// stand. Throws Refusal if the chunks cannot be counted, but for the slowest axis, which may have no bound.
  ChunkGrid(std::span<const std::uint64_t> sides, std::span<const std::uint32_t> chunk_sides, std::size_t slowest = 0);

  std::size_t axes() const { return counts_.size(); }
  /// The number of the chunk at `places`, counted in chunks; nothing beyond the data.
  std::optional<std::uint64_t> number(std::span<const std::uint64_t> places) const;
  /// The places of a chunk by its number; the slowest may lie beyond the data.
  void places(std::uint64_t number, Places& out) const;

 private:
  std::vector<std::uint64_t> counts_;
  std::vector<std::size_t> order_;  ///< of the axes, the slowest first
};

}  // namespace fovea::hdf5
