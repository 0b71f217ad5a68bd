// Powers of two, by which HDF5 sizes what it stores.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>

namespace fovea::hdf5 {

inline std::uint64_t log_2(std::uint64_t power) { return static_cast<std::uint64_t>(std::bit_width(power)) - 1; }

/// Bytes that any number up to `most` fits into.
inline std::size_t bytes_for(std::uint64_t most) {
  return most == 0 ? 1 : (static_cast<std::size_t>(std::bit_width(most)) + 7) / 8;
}

}  // namespace fovea::hdf5
