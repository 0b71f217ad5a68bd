// Addresses as they stand in a file.
#pragma once

#include <cstddef>
#include <cstdint>

namespace fovea::hdf5 {

constexpr std::uint64_t kNoAddress = ~std::uint64_t{0};  ///< stands where there is nothing

constexpr std::size_t kAddressBytes = 8;  ///< of one in a file

}  // namespace fovea::hdf5
