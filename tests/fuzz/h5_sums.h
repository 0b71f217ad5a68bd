// The check sums of HDF5 files.
#pragma once

#include <cstdint>
#include <span>

namespace fovea::fuzz {

/// Sets the checksums of the HDF5 files that begin anywhere in `bytes` to what the blocks before them have, as far as
/// fovea's reader comes. Whatever else is damaged stays as it is.
void set_h5_sums(std::span<std::uint8_t> bytes);

}  // namespace fovea::fuzz
