// The checksum of chunks that went through the filter of that name.
#pragma once

#include <cstdint>
#include <span>

namespace fovea::hdf5 {

/// Fletcher's sum over numbers of two bytes, the first the higher one; a last single byte counts as the higher.
std::uint32_t fletcher32(std::span<const unsigned char> data);

}  // namespace fovea::hdf5
