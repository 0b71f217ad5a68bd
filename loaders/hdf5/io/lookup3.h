// The checksum of everything that HDF5 has added since 1.8.
#pragma once

#include <cstdint>
#include <span>

namespace fovea::hdf5 {

/// Bob Jenkins' hash of 2006, as the file format uses it: from 0, over little-endian words.
std::uint32_t lookup3(std::span<const unsigned char> bytes);

}  // namespace fovea::hdf5
